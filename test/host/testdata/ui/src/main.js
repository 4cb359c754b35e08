// Gives the test Atlassian's client, and a list of what its callbacks hear.
import * as bridge from '@forge/bridge';

Object.assign(globalThis, { bridge, heard: [], hear: (name) => (...args) => void globalThis.heard.push([name, ...args]) });
