import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examplePayload } from '../product/triggers.js';

const place = {
  accountId: 'ann',
  cloudId: 'cloud',
  issue: { key: 'REAL-7' },
  project: {},
  content: {},
  space: { key: 'DEMO' },
};

/** @param {string} trigger @param {string} [event] */
const example = (trigger, event) =>
  examplePayload(/** @type {any} */ ({ value: 'nightly', dataset: { trigger, event } }), place);

test('a web trigger gets a request', () => {
  const { method, headers, body } = /** @type {any} */ (example('webtrigger'));
  assert.deepEqual([method, headers['Content-Type'], body], ['POST', ['application/json'], '{}']);
});

test('a scheduled trigger gets its module and the site', () => {
  assert.deepEqual(example('scheduledTrigger'), {
    context: { cloudId: 'cloud', moduleKey: 'nightly' },
    contextToken: '',
  });
});

test('an event has its name, the account, and the issue or the page of the context', () => {
  assert.deepEqual(example('trigger', 'avi:jira:created:issue'), {
    eventType: 'avi:jira:created:issue',
    atlassianId: 'ann',
    issue: { id: '10001', key: 'REAL-7' },
  });
  assert.deepEqual(/** @type {any} */ (example('trigger', 'avi:confluence:created:page')).content, {
    id: '98305',
    type: 'page',
    status: 'current',
    space: { key: 'DEMO' },
  });
  assert.deepEqual(example('trigger', 'avi:jira:created:version'), {
    eventType: 'avi:jira:created:version',
    atlassianId: 'ann',
  });
});
