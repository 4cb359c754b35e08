// The commands navigate and getUrl. The local host opens the app's own modules. For other pages of the product it shows a
// notice, and before it opens another site it asks the user.
// Source: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/router/
import { isRecord } from '../wire.js';
import { HostError } from './hosterror.js';
import { showNotice } from './notice.js';
import { askUser } from './question.js';
import { askServer } from './server.js';
import { chosen } from './session.js';

/** @typedef {import('./commands.js').Call} Call */
/** @typedef {Record<string, unknown>} Members */

/**
 * Returns a required member of a location, escaped for a path.
 * @param {Members} location
 * @param {string} name
 */
const part = (location, name) => {
  const value = location[name];
  if ((typeof value !== 'string' && typeof value !== 'number') || value === '') {
    throw new HostError(
      `The target "${location.target}" needs ${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}.`,
      'INVALID_REQUEST',
    );
  }
  return encodeURIComponent(value);
};

/**
 * The paths of the documented targets.
 * @type {Record<string, (location: Members, context: Members) => string>}
 */
const paths = {
  contentView: (l) =>
    `/wiki/pages/viewpage.action?pageId=${part(l, 'contentId')}${l.version ? `&pageVersion=${part(l, 'version')}` : ''}`,
  contentEdit: (l, context) => {
    const { space } = isRecord(context.extension) ? context.extension : {};
    return `/wiki/spaces/${isRecord(space) ? space.key : 'DEMO'}/pages/edit-v2/${part(l, 'contentId')}`;
  },
  spaceView: (l) => `/wiki/spaces/${part(l, 'spaceKey')}`,
  contentList: (l, context) => {
    if (l.contentType === 'customContent') {
      return `/wiki/search?type=forge:${context.appId}:${context.environmentId}:${part(l, 'moduleKey')}`;
    }
    if (l.contentType === 'page') return `/wiki/spaces/${part(l, 'spaceKey')}/pages`;
    throw new HostError(
      `Forge documents no address for the list of the content type "${l.contentType}", so the local host has none.`,
      'UNKNOWN_ADDRESS',
    );
  },
  dashboard: (l) => `/jira/dashboards/${part(l, 'dashboardId')}`,
  issue: (l) => `/browse/${part(l, 'issueKey')}`,
  projectSettingsDetails: (l) => `/jira/software/projects/${part(l, 'projectKey')}/settings/details`,
  userProfile: (l) => `/people/${part(l, 'accountId')}`,
  module: (l) => {
    const key = part(l, 'moduleKey');
    const links = [...document.querySelectorAll('nav a')];
    if (
      !links.some(
        (link) =>
          link instanceof HTMLAnchorElement && new URL(link.href).searchParams.get('module') === String(l.moduleKey),
      )
    )
      throw new HostError(`manifest.yml has no module "${l.moduleKey}".`, 'UNKNOWN_MODULE');
    return `/?module=${key}${chosen().replace('?', '&')}${l.path ? `#${String(l.path).startsWith('/') ? '' : '/'}${l.path}` : ''}`;
  },
};

/**
 * Returns the address of a location.
 * @param {Members} location
 * @param {Call} call
 */
const urlOf = async (location, { moduleKey }) => {
  const path =
    typeof location.target === 'string' && Object.hasOwn(paths, location.target) ? paths[location.target] : undefined;
  if (!path) {
    throw new HostError(
      `The router has no target "${location.target}". It has ${Object.keys(paths).join(', ')}.`,
      'UNKNOWN_TARGET',
    );
  }
  const context = await askServer('context', { moduleKey });
  const appId = document.querySelector('main')?.dataset.app ?? '';
  return new URL(path(location, { ...context, appId }), window.location.origin);
};

/** @type {import('./commands.js').Commands[string]} */
export const getUrl = async (payload, call) => (await urlOf(isRecord(payload) ? payload : {}, call)).href;

/** @type {import('./commands.js').Commands[string]} */
export const navigate = async (payload, call) => {
  const members = isRecord(payload) ? payload : {};
  const newTab = members.type === 'new-tab';
  if (members.target !== undefined) {
    const url = await urlOf(members, call);
    call.note({ request: url.href });
    if (members.target === 'module') openModule(url, newTab);
    else showTarget(url, newTab);
    return;
  }
  const text = typeof members.url === 'string' ? members.url : '';
  const url = URL.canParse(text, window.location.origin) ? new URL(text, window.location.origin) : undefined;
  if (!url || text === '' || !['http:', 'https:', 'mailto:', 'tel:'].includes(url.protocol)) {
    throw new HostError(`The router does not go to "${text}".`, 'INVALID_REQUEST');
  }
  call.note({ request: url.href });
  if (url.origin === window.location.origin) {
    showTarget(url, newTab);
    return;
  }
  if (
    !(await askUser('The app wants to open another site.', url.href, { yes: 'Open in a new tab', no: 'Stay here' }))
  ) {
    throw new HostError('The user declined to open the link.', 'DECLINED');
  }
  window.open(url, '_blank', 'noopener');
};

/** Opens a module of the app. @param {URL} url @param {boolean} newTab */
const openModule = (url, newTab) => {
  if (newTab) {
    // The browser may block the new tab, because the user clicked in the app's page and not in this one.
    if (!window.open(url, '_blank')) showTarget(url, newTab);
  } else if (url.pathname + url.search === window.location.pathname + window.location.search) {
    window.location.hash = url.hash;
    window.location.reload();
  } else {
    window.location.assign(url);
  }
};

/** Shows the address that the product would open. @param {URL} url @param {boolean} newTab */
const showTarget = (url, newTab) =>
  showNotice(newTab ? 'The product would open in a new tab:' : 'The product would go to', url.href);
