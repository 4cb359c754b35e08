// The app: Atlassian's client as a global, and the calls of its callbacks.
import * as bridge from '@forge/bridge';

/** @type {unknown[]} */
const heard = [];

/** @param {string} name */
const hear =
  (name) =>
  async (...args) => {
    heard.push([
      name,
      ...(await Promise.all(args.map(async (arg) => (arg instanceof Blob ? `${arg.type}: ${await arg.text()}` : arg)))),
    ]);
  };

Object.assign(globalThis, { bridge, heard, hear });
