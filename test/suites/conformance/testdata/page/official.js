// The official clients. The test bundles them. Those of the products load only for their own cases, because they bring more
// code.
import * as official from '@forge/bridge';

globalThis.official = official;
globalThis.officialProducts = () => ({
  ...require('@forge/jira-bridge'),
  ...require('@forge/jira-bridge/out/issue-utils'),
  ...require('@forge/confluence-bridge'),
  ...require('@forge/dashboards-bridge'),
});
