// The app's permissions: the panel "Permissions", which shows and changes them, and the commands that read or change them.
// Sources: https://developer.atlassian.com/platform/forge/apis-reference/customer-managed-egress-and-remotes-api/ for
// customer-managed egress and remotes, and @forge/bridge 7.2.0 for cookie consent.
import { isRecord } from '../wire.js';
import { element, make } from './element.js';
import { HostError } from './hosterror.js';
import { closeOnLeave } from './panel.js';
import { askUser } from './question.js';
import { askServer } from './server.js';
import { receive } from './socket.js';

/**
 * @typedef {object} State
 * @property {{name: string, granted: boolean}[]} scopes
 * @property {{list: string, address: string, granted: boolean}[]} external
 * @property {string[]} lists
 * @property {boolean} configurable
 * @property {{key: string, description: string, configured: {domain: string, type: string[]}[]}[]} groups
 * @property {{key: string, configured: {endpoint: string | null}}[]} remotes
 * @property {boolean} isAdmin
 * @property {{published: boolean, functional: boolean, analytics: boolean, marketing: boolean}} consent
 * @property {boolean} rovo
 */

/** Sends a change to the server and returns the new state. @param {object} [change] @returns {Promise<State>} */
export const permissionState = async (change = {}) => /** @type {any} */ (await askServer('permissions', change));

/**
 * Returns the handler of a command for customer-managed egress or remotes.
 * @param {string} command
 * @returns {import('./commands.js').Commands[string]}
 */
const managed = (command) => async (payload) => {
  const input = { command, payload };
  let answer = await askServer('permissions', input);
  if (typeof answer.ask === 'string') {
    const approved = await askUser(answer.ask, String(answer.detail), { yes: 'Approve', no: 'Reject' });
    if (!approved) throw new HostError('The administrator has not approved it.', 'NOT_APPROVED');
    answer = await askServer('permissions', { ...input, approved: true });
  }
  return isRecord(answer) && Object.keys(answer).length > 0 ? answer : undefined;
};

/** @type {import('./commands.js').Commands} */
export const permissionCommands = {
  __permission__egressGet: managed('egressGet'),
  __permission__egressSet: managed('egressSet'),
  __permission__egressDeleteDomain: managed('egressDeleteDomain'),
  __permission__egressDeleteGroup: managed('egressDeleteGroup'),
  __permission__remoteGet: managed('remoteGet'),
  __permission__remoteSet: managed('remoteSet'),

  async getCookieConsentPreferences() {
    const { published, ...preferences } = (await permissionState()).consent;
    return published ? { strictlyNecessary: true, ...preferences } : null;
  },
};

/**
 * Makes a line with a checkbox.
 * @param {string} label
 * @param {boolean} checked
 * @param {(checked: boolean) => void} onChange
 * @param {{kind?: string, disabled?: boolean}} [options] kind is a text behind the label
 */
const checkbox = (label, checked, onChange, { kind = '', disabled = false } = {}) => {
  const line = make('label', 'grant');
  const box = document.createElement('input');
  box.type = 'checkbox';
  box.checked = checked;
  box.disabled = disabled;
  box.addEventListener('change', () => onChange(box.checked));
  line.append(box, make('span', '', label));
  if (kind) line.append(make('code', '', kind));
  return line;
};

/** Makes a line of plain text. @param {string} text */
const textLine = (text) => make('p', 'empty', text);

/** The panel. A change takes effect at once, except in the app's policy, which changes when the app's page is loaded again. */
export class PermissionPanel {
  #panel = element('permissions', HTMLDetailsElement);
  #state = element('permissions-state', HTMLElement);
  #list = element('permissions-list', HTMLSelectElement);
  #address = element('permissions-address', HTMLInputElement);

  constructor() {
    element('permissions-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      const address = this.#address.value.trim();
      this.#change(
        { external: { list: this.#list.value, address, granted: true } },
        `Granted ${address}. Load the app again to update its policy.`,
      ).then((done) => {
        if (done) this.#address.value = '';
      });
    });
    this.#panel.addEventListener('toggle', () => {
      if (this.#panel.open) this.#change({}, '');
    });
    closeOnLeave(this.#panel);
    // The app or another window has changed them.
    receive('permissions', () => {
      if (this.#panel.open) this.#change({});
    });
  }

  /**
   * Sends a change to the server and shows the new state. An empty change only reads the state.
   * @param {object} change
   * @param {string} [done] the message for success; without it the last message stays
   * @returns {Promise<boolean>} whether the change succeeded
   */
  async #change(change, done) {
    try {
      this.#show(await permissionState(change));
      if (done !== undefined) this.#state.textContent = done;
      return true;
    } catch (error) {
      this.#state.textContent = error instanceof Error ? error.message : String(error);
      return false;
    }
  }

  /** @param {State} state */
  #show({ scopes, external, lists, configurable, groups, remotes, isAdmin, consent, rovo }) {
    if (this.#list.options.length === 0) this.#list.append(...lists.map((name) => new Option(name)));
    /** @param {string} name @param {boolean} granted */
    const message = (name, granted) => `${granted ? 'Granted' : 'Revoked'} ${name}.`;
    this.#fill(
      'permissions-scopes',
      scopes.map(({ name, granted }) =>
        checkbox(name, granted, (on) => this.#change({ scope: { name, granted: on } }, message(name, on))),
      ),
      'manifest.yml has no scopes.',
    );
    this.#fill(
      'permissions-external',
      external.map(({ list, address, granted }) =>
        checkbox(
          address,
          granted,
          (on) =>
            this.#change(
              { external: { list, address, granted: on } },
              `${message(address, on)} Load the app again to update its policy.`,
            ),
          {
            kind: list,
          },
        ),
      ),
      'The app has no addresses outside Atlassian.',
    );
    this.#fill(
      'permissions-managed',
      [
        ...groups.flatMap(({ key, configured }) =>
          configured.map(({ domain, type }) => textLine(`${key}: ${domain} for ${type.join(', ')}`)),
        ),
        ...remotes.map(({ key, configured }) =>
          textLine(`remote ${key}: ${configured.endpoint ?? 'as in manifest.yml'}`),
        ),
      ],
      configurable
        ? 'The app has not requested anything yet.'
        : 'Not enabled: manifest.yml has no permissions.external.configurable.enabled.',
    );
    this.#fill('permissions-user', [
      textLine(
        isAdmin
          ? 'The user is an administrator.'
          : 'The user is not an administrator. Choose an account at the top that is one to change egress and remotes.',
      ),
      checkbox('The site has Rovo', rovo, (on) =>
        this.#change({ rovo: on }, on ? 'The site has Rovo.' : 'The site does not have Rovo.'),
      ),
    ]);
    /** @type {[keyof State['consent'], string][]} */
    const kinds = [
      ['published', 'The product shares the preferences'],
      ['functional', 'Functional'],
      ['analytics', 'Analytics'],
      ['marketing', 'Marketing'],
    ];
    this.#fill(
      'permissions-consent',
      kinds.map(([name, label]) =>
        checkbox(
          label,
          consent[name],
          (on) => this.#change({ consent: { ...consent, [name]: on } }, 'Preferences changed.'),
          { disabled: name !== 'published' && !consent.published },
        ),
      ),
    );
  }

  /**
   * Replaces the lines in a part of the panel. The keyboard focus stays on its line.
   * @param {string} id
   * @param {HTMLElement[]} lines
   * @param {string} [none] the text if there are no lines
   */
  #fill(id, lines, none = '') {
    const part = element(id, HTMLElement);
    const focused = [...part.children].findIndex((line) => line.contains(document.activeElement));
    part.replaceChildren(...(lines.length > 0 ? lines : [textLine(none)]));
    part.children[focused]?.querySelector('input')?.focus();
  }
}
