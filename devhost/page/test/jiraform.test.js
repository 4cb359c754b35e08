import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JiraForm } from '../product/jiraform.js';

/** Submits changes of registered fields. Returns the errors, and the field with this id afterwards. */
const submit = (changes, fieldId, registered = [fieldId]) => {
  const form = new JiraForm();
  form.register('c', registered);
  const errors = form.submit('c', changes, []);
  return { errors, field: form.fields.find((field) => field.fieldId === fieldId) };
};

test('a field is changed', async (t) => {
  for (const [name, fieldId, change, want] of /** @type {any[][]} */ ([
    ['its name', 'summary', { fieldName: 'N' }, { fieldName: 'N' }],
    ['its description', 'summary', { description: 'D' }, { description: 'D' }],
    [
      'its state',
      'summary',
      { isVisible: false, isReadOnly: true, isRequired: false },
      { isVisible: false, isReadOnly: true, isRequired: false },
    ],
    ['its value', 'summary', { value: 'V' }, { value: 'V' }],
    ['its value, to an option', 'priority', { value: '1' }, { value: { id: '1', name: 'Highest' } }],
    ['its value, to none', 'priority', { value: null }, { value: null }],
    ['its value, to a user', 'assignee', { value: 'a' }, { value: { accountId: 'a' } }],
    [
      'its options',
      'priority',
      { optionsVisibility: { options: ['1'], isVisible: true } },
      { optionsVisibility: { options: ['1'], isVisible: true } },
    ],
  ])) {
    await t.test(name, () => {
      const { errors, field } = submit({ [fieldId]: change }, fieldId);
      assert.deepEqual(errors, []);
      for (const [member, value] of Object.entries(want)) assert.deepEqual(/** @type {any} */ (field)[member], value);
    });
  }
});

test('a change is refused', async (t) => {
  for (const [name, fieldId, change, method] of /** @type {any[][]} */ ([
    ['a name that is no text', 'summary', { fieldName: 7 }, 'setName'],
    ['a state that is not true or false', 'summary', { isVisible: 'no' }, 'setVisible'],
    ['an unknown option', 'priority', { value: '9' }, 'setValue'],
  ])) {
    await t.test(name, () => {
      const before = new JiraForm().fields.find((field) => field.fieldId === fieldId);
      const { errors, field } = submit({ [fieldId]: change }, fieldId);
      assert.deepEqual(
        errors.map(({ type, method }) => [type, method]),
        [['FIELD_VALIDATION_FAILED', method]],
      );
      assert.deepEqual(field, before);
    });
  }
  await t.test('of a field that is not registered', () => {
    const { errors, field } = submit({ summary: { value: 'V' } }, 'summary', ['labels']);
    assert.deepEqual(
      [errors.length, errors[0].type, field?.value],
      [1, 'APPLY_CHANGES_FOR_UNREGISTERED_FIELD', 'Buy milk'],
    );
  });
});

test('what is not in the form is ignored', () => {
  const form = new JiraForm();
  form.register('c', 'no list');
  assert.deepEqual(form.submit('c', { none: { value: 1 }, summary: null }, [7, { id: 'none' }]), []);
  assert.deepEqual(form.submit('c', undefined, undefined), []);
});

test('tabs', async (t) => {
  await t.test('are shown and brought to the front', () => {
    const form = new JiraForm();
    const changes = [
      { id: '10000', isVisible: true, isActive: false },
      { id: '10001', isVisible: true, isActive: true },
    ];
    assert.deepEqual(form.submit('c', {}, changes), []);
    assert.deepEqual(form.tabs, changes);
  });
  await t.test('are not hidden in front', () => {
    const form = new JiraForm();
    const errors = form.submit('c', {}, [{ id: '10000', isVisible: false, isActive: true }]);
    assert.deepEqual([errors[0].type, form.tabs[0].isVisible], ['SCREENTABS_VALIDATION_FAILED', true]);
  });
});

test('the state is a copy', () => {
  const form = new JiraForm();
  const state = form.state();
  state.currentFormState.summary.value = 'changed';
  state.currentScreenTabsState[0].isVisible = false;
  assert.deepEqual([form.fields[0].value, form.tabs[0].isVisible], ['Buy milk', true]);
});
