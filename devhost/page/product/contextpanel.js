// The panel "Context": shows and changes what the app learns about its place, and what its views have saved.
import { isRecord } from '../wire.js';
import { element } from './element.js';
import { askServer } from './server.js';

/**
 * Connects the panel.
 * @param {string} moduleKey
 * @param {() => string} view returns the view whose context is shown
 */
export const startContextPanel = (moduleKey, view) => {
  const panel = element('context', HTMLDetailsElement);
  const localId = element('context-local', HTMLInputElement);
  const extension = element('context-extension', HTMLTextAreaElement);
  const state = element('context-state', HTMLElement);
  let isEdited = false;

  const load = async () => {
    const context = await askServer('extension/read', { moduleKey, view: view() });
    const { type, location, ...members } = isRecord(context.extension) ? context.extension : {};
    element('context-on', HTMLElement).hidden = context.changed !== true;
    if (isEdited) return;
    localId.value = String(context.localId);
    extension.value = JSON.stringify(members, null, 2);
  };
  /** @param {unknown} error */
  const fail = (error) => {
    state.textContent = error instanceof Error ? error.message : String(error);
  };
  /** @param {Record<string, unknown>} change @param {string} done */
  const send = async (change, done) => {
    await askServer('extension', { moduleKey, view: view(), ...change });
    isEdited = false;
    await load();
    state.textContent = done;
  };

  for (const field of [localId, extension]) {
    field.addEventListener('input', () => {
      isEdited = true;
    });
  }
  panel.addEventListener('toggle', () => {
    state.textContent = '';
    if (panel.open) load().catch(fail);
    else isEdited = false;
  });
  element('context-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    let members;
    try {
      members = JSON.parse(extension.value);
    } catch (error) {
      fail(`The extension is not JSON: ${error instanceof Error ? error.message : error}`);
      return;
    }
    if (!isRecord(members) || Array.isArray(members)) {
      fail('The extension must be an object of JSON, such as {"issue": {"key": "REAL-7"}}.');
      return;
    }
    send({ extension: members, localId: localId.value }, 'The app’s page is loaded again with this context.').catch(
      fail,
    );
  });
  element('context-reset', HTMLButtonElement).addEventListener('click', () => {
    send({ extension: null }, 'All changes are undone.').catch(fail);
  });
  load().catch(() => {}); // The panel shows the error when it is opened.
  return load;
};
