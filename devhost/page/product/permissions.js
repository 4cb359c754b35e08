// What the site grants the app: the panel "Permissions", in which it can be changed, and the commands of
// customer-managed egress and remotes.
// Source: apis-reference/customer-managed-egress-and-remotes-api.
import { ask } from './dialog.js';
import { element } from './element.js';
import { foldAway } from './panel.js';
import { HostError, askServer } from './server.js';
import { isRecord } from '../wire.js';

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

/** @param {object} [change] @returns {Promise<State>} */
export const permissionState = async (change = {}) => /** @type {any} */ (await askServer('permissions', change));

/** @type {PermissionPanel | undefined} */
let panel;

/** @param {string} command @returns {import('./commands.js').Commands[string]} */
const managed = (command) => async (payload) => {
  const input = { command, payload };
  let answer = await askServer('permissions', input);
  if (typeof answer.ask === 'string') {
    const approved = await ask(answer.ask, String(answer.detail), { yes: 'Approve', no: 'Reject' });
    if (!approved) throw new HostError('The administrator has not approved it.', 'NOT_APPROVED');
    answer = await askServer('permissions', { ...input, approved: true });
  }
  panel?.refresh();
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
};

/**
 * @param {string} label
 * @param {boolean} checked
 * @param {(checked: boolean) => void} onChange
 * @param {{kind?: string, disabled?: boolean}} [more]
 */
const checkbox = (label, checked, onChange, { kind = '', disabled = false } = {}) => {
  const line = document.createElement('label');
  line.className = 'grant';
  const box = document.createElement('input');
  box.type = 'checkbox';
  box.checked = checked;
  box.disabled = disabled;
  box.addEventListener('change', () => onChange(box.checked));
  const words = document.createElement('span');
  words.textContent = label;
  line.append(box, words);
  if (kind) {
    const type = document.createElement('code');
    type.textContent = kind;
    line.append(type);
  }
  return line;
};

/** @param {string} text */
const quiet = (text) => {
  const line = document.createElement('p');
  line.className = 'empty';
  line.textContent = text;
  return line;
};

/** The panel. What it changes takes effect at once, for the policy when the app's page is loaded again. */
export class PermissionPanel {
  #panel = element('permissions', HTMLDetailsElement);
  #state = element('permissions-state', HTMLElement);
  #list = element('permissions-list', HTMLSelectElement);
  #address = element('permissions-address', HTMLInputElement);

  constructor() {
    panel = this;
    element('permissions-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      const address = this.#address.value.trim();
      this.#change({ external: { list: this.#list.value, address, granted: true } }, `Granted ${address}. Load the app again for its policy.`).then((done) => {
        if (done) this.#address.value = '';
      });
    });
    this.#panel.addEventListener('toggle', () => this.refresh());
    foldAway(this.#panel);
  }

  refresh() {
    if (this.#panel.open) this.#change({}, '');
  }

  /**
   * @param {object} change
   * @param {string} done what to say of it
   * @returns {Promise<boolean>} whether it was done
   */
  async #change(change, done) {
    try {
      this.#show(await permissionState(change));
      this.#state.textContent = done;
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
    const said = (name, granted) => `${granted ? 'Granted' : 'Revoked'} ${name}.`;
    this.#fill(
      'permissions-scopes',
      scopes.map(({ name, granted }) => checkbox(name, granted, (on) => this.#change({ scope: { name, granted: on } }, said(name, on)))),
      'manifest.yml has no scopes.',
    );
    this.#fill(
      'permissions-external',
      external.map(({ list, address, granted }) =>
        checkbox(address, granted, (on) => this.#change({ external: { list, address, granted: on } }, `${said(address, on)} Load the app again for its policy.`), {
          kind: list,
        }),
      ),
      'No address outside Atlassian.',
    );
    this.#fill(
      'permissions-managed',
      [
        ...groups.flatMap(({ key, configured }) => configured.map(({ domain, type }) => quiet(`${key}: ${domain} for ${type.join(', ')}`))),
        ...remotes.map(({ key, configured }) => quiet(`remote ${key}: ${configured.endpoint ?? 'as in manifest.yml'}`)),
      ],
      configurable ? 'The app has asked for nothing yet.' : 'Not enabled: manifest.yml has no permissions.external.configurable.enabled.',
    );
    this.#fill('permissions-user', [
      checkbox('The user is an administrator', isAdmin, (on) => this.#change({ isAdmin: on }, on ? 'The user is an administrator.' : 'The user is no administrator.')),
      checkbox('The site has Rovo', rovo, (on) => this.#change({ rovo: on }, on ? 'The site has Rovo.' : 'The site has no Rovo.')),
    ]);
    /** @type {[keyof State['consent'], string][]} */
    const kinds = [
      ['published', 'The product tells the preferences'],
      ['functional', 'Functional'],
      ['analytics', 'Analytics'],
      ['marketing', 'Marketing'],
    ];
    this.#fill(
      'permissions-consent',
      kinds.map(([name, label]) =>
        checkbox(label, consent[name], (on) => this.#change({ consent: { ...consent, [name]: on } }, 'Preferences changed.'), { disabled: name !== 'published' && !consent.published }),
      ),
    );
  }

  /**
   * Puts lines into a part of the panel; who is on one with the keyboard stays there.
   * @param {string} id
   * @param {HTMLElement[]} lines
   * @param {string} [none]
   */
  #fill(id, lines, none = '') {
    const part = element(id, HTMLElement);
    const at = [...part.children].findIndex((line) => line.contains(document.activeElement));
    part.replaceChildren(...(lines.length > 0 ? lines : [quiet(none)]));
    part.children[at]?.querySelector('input')?.focus();
  }
}
