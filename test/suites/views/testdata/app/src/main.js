// Gives Atlassian's clients to the test, and shows the context, so that a person sees it too.
import * as bridge from '@forge/bridge';
import * as dashboards from '@forge/dashboards-bridge';
import * as jira from '@forge/jira-bridge';

Object.assign(globalThis, { bridge, dashboards, jira });
bridge.view.theme.enable();
bridge.view.getContext().then(({ moduleKey, extension }) => {
  document.querySelector('h1').textContent = moduleKey;
  document.querySelector('pre').textContent = JSON.stringify(extension, null, 2);
});
