// The script of the app's page: Atlassian's client as a global.
import * as bridge from '@forge/bridge';

Object.assign(globalThis, { bridge });
