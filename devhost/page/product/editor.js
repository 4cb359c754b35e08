// Confluence's editor around a macro: the document, the macro and its height; and the byline of a page.
// Source: https://developer.atlassian.com/platform/forge/apis-reference/confluence-api-bridge/bridge/
import { isRecord } from '../wire.js';
import { make } from './element.js';
import { setHeight } from './frameheight.js';
import { HostError } from './hosterror.js';
import { showNotice } from './notice.js';
import { makeField, makeJSON, makeStatus, openPanel, perPlace } from './productpanel.js';
import { describeBriefly } from './redact.js';

/** @param {string} moduleKey */
const macroNode = (moduleKey) => ({
  type: 'extension',
  attrs: {
    extensionType: 'com.atlassian.ecosystem',
    extensionKey: moduleKey,
    localId: '0',
    parameters: { localId: '0', extensionId: moduleKey },
  },
});

const editorOf = perPlace((place, moduleKey) => {
  const panel = openPanel(
    place,
    'Editor',
    'The page that Confluence’s editor has open, in the Atlassian Document Format. The contents are examples; change them here.',
  );
  const editing = make('input', '');
  editing.type = 'checkbox';
  editing.checked = true;
  const paragraph = { type: 'paragraph', content: [{ type: 'text', text: 'Hello' }] };
  const macro = makeJSON(macroNode(moduleKey));
  const page = makeJSON({ version: 1, type: 'doc', content: [paragraph, macroNode(moduleKey)] });
  const status = makeStatus();
  panel.append(
    makeField('The page is being edited', editing),
    makeField('Page', page),
    makeField('Macro', macro),
    status,
  );
  const checkEdited = () => {
    if (editing.checked) return;
    throw new HostError(
      'The page is not being edited. The contents of the editor can be used only then.',
      'NOT_EDITING',
    );
  };
  return {
    /** @param {HTMLTextAreaElement} area */
    read(area) {
      checkEdited();
      return { data: JSON.stringify(JSON.parse(area.value)) };
    },
    /** @param {unknown} data @returns {boolean} */
    update(data) {
      checkEdited();
      try {
        const node = JSON.parse(String(data));
        if (!isRecord(node) || typeof node.type !== 'string') return false;
        macro.value = JSON.stringify(node, null, 2);
      } catch {
        return false;
      }
      status.textContent = 'The app has updated the macro.';
      return true;
    },
    macro,
    page,
  };
});

/** @type {import('./commands.js').Commands} */
export const editorCommands = {
  async getEditorContent(_payload, { place, moduleKey }) {
    const editor = editorOf(place, moduleKey);
    return editor.read(editor.page);
  },

  async getMacroContent(_payload, { place, moduleKey }) {
    const editor = editorOf(place, moduleKey);
    return editor.read(editor.macro);
  },

  async updateMacro(payload, { place, moduleKey }) {
    return editorOf(place, moduleKey).update(isRecord(payload) ? payload.data : undefined);
  },

  async setMacroViewportHeight(payload, { note }) {
    const height = Number(payload);
    if (typeof payload !== 'string' || !Number.isInteger(height) || height <= 0) {
      throw new HostError(
        'The height of a macro must be a text with a whole number that is greater than 0.',
        'INVALID_REQUEST',
      );
    }
    note({ request: payload });
    const frame = document.querySelector('iframe');
    if (frame) setHeight(frame, height);
    return true;
  },
};

/** Shows the texts of a byline item that the app has sent as an event. @param {unknown} payload */
export const showByline = (payload) => {
  const { propertyKey, valueUpdate } = isRecord(payload) ? payload : {};
  showNotice(`Confluence would show the byline item “${propertyKey}” with`, describeBriefly(valueUpdate));
};

/** The event by which @forge/confluence-bridge 4.0.0 sends them. */
export const bylineEvent = 'FORGE_CONTENT_PROPERTY_UPDATED';
