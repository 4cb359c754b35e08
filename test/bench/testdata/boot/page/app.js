// The app as one writes it with the official client. It is bundled and minified when the benchmark runs.
import { requestRemote } from '@forge/bridge';

const response = await requestRemote('tasks-api', { path: '/tasks' });
document.getElementById('app').textContent = await response.text();
