// The product's router: it goes to modules of the app, asks about other sites, and says where it would go otherwise.
// Source: apis-reference/ui-api-bridge/router.
import { ask } from './dialog.js';
import { notice } from './notice.js';
import { HostError, askServer } from './server.js';
import { isRecord } from '../wire.js';

/** @typedef {import('./commands.js').Call} Call */
/** @typedef {Record<string, unknown>} Members */

/**
 * A required member of a location, as a part of a path.
 * @param {Members} location
 * @param {string} name
 */
const part = (location, name) => {
  const value = location[name];
  if ((typeof value !== 'string' && typeof value !== 'number') || value === '') {
    throw new HostError(`The target "${location.target}" needs ${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}.`, 'INVALID_REQUEST');
  }
  return encodeURIComponent(value);
};

/**
 * The paths that Forge documents.
 * @type {Record<string, (location: Members, context: Members) => string>}
 */
const paths = {
  contentView: (l) => `/wiki/pages/viewpage.action?pageId=${part(l, 'contentId')}${l.version ? `&pageVersion=${part(l, 'version')}` : ''}`,
  contentEdit: (l, context) => {
    const { space } = isRecord(context.extension) ? context.extension : {};
    return `/wiki/spaces/${isRecord(space) ? space.key : 'DEMO'}/pages/edit-v2/${part(l, 'contentId')}`;
  },
  spaceView: (l) => `/wiki/spaces/${part(l, 'spaceKey')}`,
  contentList: (l, context) => {
    if (l.contentType === 'customContent') return `/wiki/search?type=forge:${context.appId}:${context.environmentId}:${part(l, 'moduleKey')}`;
    if (l.contentType === 'page') return `/wiki/spaces/${part(l, 'spaceKey')}/pages`;
    throw new HostError(`Forge documents no address for the list of the content type "${l.contentType}", so the local host has none.`, 'UNKNOWN_ADDRESS');
  },
  dashboard: (l) => `/jira/dashboards/${part(l, 'dashboardId')}`,
  issue: (l) => `/browse/${part(l, 'issueKey')}`,
  projectSettingsDetails: (l) => `/jira/software/projects/${part(l, 'projectKey')}/settings/details`,
  userProfile: (l) => `/people/${part(l, 'accountId')}`,
  module: (l) => {
    const key = part(l, 'moduleKey');
    const links = [...document.querySelectorAll('nav a')];
    if (!links.some((link) => link instanceof HTMLAnchorElement && new URL(link.href).searchParams.get('module') === String(l.moduleKey))) throw new HostError(`manifest.yml has no module "${l.moduleKey}".`, 'UNKNOWN_MODULE');
    return `/?module=${key}${l.path ? `#${String(l.path).startsWith('/') ? '' : '/'}${l.path}` : ''}`;
  },
};

/**
 * @param {Members} location
 * @param {Call} call
 */
const urlOf = async (location, { moduleKey }) => {
  const path = typeof location.target === 'string' && Object.hasOwn(paths, location.target) ? paths[location.target] : undefined;
  if (!path) throw new HostError(`The router has no target "${location.target}". It has ${Object.keys(paths).join(', ')}.`, 'UNKNOWN_TARGET');
  const context = await askServer('context', { moduleKey });
  const appId = document.querySelector('main')?.dataset.app ?? '';
  return new URL(path(location, { ...context, appId }), window.location.origin);
};

/** @param {unknown} payload @param {Call} call */
export const getUrl = async (payload, call) => (await urlOf(isRecord(payload) ? payload : {}, call)).href;

/**
 * @param {unknown} payload
 * @param {Call} call
 */
export const navigate = async (payload, call) => {
  const members = isRecord(payload) ? payload : {};
  const newTab = members.type === 'new-tab';
  if (members.target !== undefined) {
    const url = await urlOf(members, call);
    call.note({ request: url.href });
    if (members.target === 'module') goTo(url, newTab);
    else sayWhere(url, newTab);
    return;
  }
  const text = typeof members.url === 'string' ? members.url : '';
  const url = URL.canParse(text, window.location.origin) ? new URL(text, window.location.origin) : undefined;
  if (!url || text === '' || !['http:', 'https:', 'mailto:', 'tel:'].includes(url.protocol)) {
    throw new HostError(`The router does not go to "${text}".`, 'INVALID_REQUEST');
  }
  call.note({ request: url.href });
  if (url.origin === window.location.origin) {
    sayWhere(url, newTab);
    return;
  }
  if (!(await ask('The app wants to open another site.', url.href, { yes: 'Open in a new tab', no: 'Stay here' }))) {
    throw new HostError('The user declined to open the link.', 'DECLINED');
  }
  window.open(url, '_blank', 'noopener');
};

/** A page of the local host itself. @param {URL} url @param {boolean} newTab */
const goTo = (url, newTab) => {
  if (newTab) {
    // The click was in the app, so the browser may keep the tab from being opened.
    if (!window.open(url, '_blank')) sayWhere(url, newTab);
  } else if (url.pathname + url.search === window.location.pathname + window.location.search) {
    window.location.hash = url.hash;
    window.location.reload();
  } else {
    window.location.assign(url);
  }
};

/** A page of the product, which the local host has not. @param {URL} url @param {boolean} newTab */
const sayWhere = (url, newTab) => notice(newTab ? 'The product would open in a new tab:' : 'The product would go to', url.href);
