// The app as a developer writes it with the official client. The benchmark bundles and minifies it.
import { requestRemote } from '@forge/bridge';

const response = await requestRemote('tasks-api', { path: '/tasks' });
document.getElementById('app').textContent = await response.text();
