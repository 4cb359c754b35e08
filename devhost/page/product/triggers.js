// Examples of what triggers send to the app's functions, for the panel "Events".
// Sources: events-reference/web-trigger, scheduled-trigger, jira and confluence, below
// https://developer.atlassian.com/platform/forge/

/** @typedef {Record<string, unknown>} Members */
/** @typedef {{accountId: unknown, cloudId: unknown, issue: Members, project: Members, content: Members, space: Members}} Place */

/** What events of a product are about, by the last part of their names. @type {Record<string, (place: Place) => Members>} */
const subjects = {
  issue: ({ issue }) => ({ issue: { id: issue.id ?? '10001', key: issue.key ?? 'DEMO-1' } }),
  page: ({ content, space }) => ({ content: { id: content.id ?? '98305', type: 'page', status: 'current', space } }),
};

/**
 * Returns an example of the payload of a trigger. That of a product's event begins with what all have.
 * @param {HTMLOptionElement} option the trigger in the panel
 * @param {Place} place
 */
export const examplePayload = (option, place) => {
  const { trigger, event = '' } = option.dataset;
  if (trigger === 'webtrigger') {
    return {
      method: 'POST',
      path: '/',
      userPath: '/',
      headers: { 'Content-Type': ['application/json'] },
      queryParameters: {},
      body: '{}',
    };
  }
  if (trigger === 'scheduledTrigger') {
    return { context: { cloudId: place.cloudId, moduleKey: option.value }, contextToken: '' };
  }
  const subject = subjects[event.split(':').at(-1) ?? ''];
  return { eventType: event, atlassianId: place.accountId, ...subject?.(place) };
};
