// Exports Atlassian's client to the test, and a list of the calls of its callbacks.
import * as bridge from '@forge/bridge';

Object.assign(globalThis, {
  bridge,
  heard: [],
  hear:
    (name) =>
    (...args) =>
      void globalThis.heard.push([name, ...args]),
});
