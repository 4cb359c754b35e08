// Exports the product bridges to the test, and a list of the calls of its callbacks. hear(name, result) returns result, or
// throws it if it is an Error.
import * as bridge from '@forge/bridge';
import * as jira from '@forge/jira-bridge';
import { refreshIssueView } from '@forge/jira-bridge/out/issue-utils';
import * as confluence from '@forge/confluence-bridge';
import * as dashboards from '@forge/dashboards-bridge';

Object.assign(globalThis, {
  bridge,
  jira: { ...jira, refreshIssueView },
  confluence,
  dashboards,
  heard: [],
  hear:
    (name, result) =>
    (...args) => {
      globalThis.heard.push([name, ...args.map((arg) => (arg instanceof Error ? arg.message : arg))]);
      if (result instanceof Error) throw result;
      return result;
    },
  /** The names of all exports, with the members of namespaces. */
  exported: () =>
    Object.entries({ ...jira, refreshIssueView, ...confluence, ...dashboards }).flatMap(([name, value]) =>
      typeof value === 'object' ? Object.keys(value).map((member) => `${name}.${member}`) : [name],
    ),
});
