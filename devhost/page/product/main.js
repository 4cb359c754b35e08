// The product page: shows the app's module, answers its commands and lists them.
import './pagekey.js'; // First, because it removes the key from the address before other modules read the address.
import { isRecord } from '../wire.js';
import { connectPage, refreshPages } from './apppage.js';
import { startAsk } from './ask.js';
import { takeCarried } from './carry.js';
import { guardClicks } from './clicks.js';
import { perform } from './commands.js';
import { startContextPanel } from './contextpanel.js';
import { element, make } from './element.js';
import { startEventPanel } from './eventpanel.js';
import { Faults } from './faults.js';
import { InvocationTokens } from './fit.js';
import { startFlags, toggleFlags } from './flag.js';
import { followHeight } from './frameheight.js';
import { startLocale } from './locale.js';
import { missingBridge, missingProgram } from './missing.js';
import { showNotice } from './notice.js';
import { PermissionPanel } from './permissions.js';
import { openOver, overOf } from './overview.js';
import { newPlace } from './place.js';
import { printWhole } from './print.js';
import { ProblemsOverlay } from './problems.js';
import { describeBriefly, withoutTokens } from './redact.js';
import { restorePanels, startRefresh } from './refresh.js';
import { Reporter } from './report.js';
import { chooseSession, startSession } from './session.js';
import { onHost, receive } from './socket.js';
import { chooseTheme, startTheme } from './theme.js';
import { Traffic } from './traffic.js';

// On a narrow screen the modules are in one line that may be wider than the screen.
document.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

guardClicks();
startFlags();

const template = document.querySelector('template');
const iframe = template?.content.querySelector('iframe');

if (template && iframe) {
  const { module: moduleKey = '', view = '' } = iframe.dataset;
  /** The tokens of the views that have been shown. @type {Map<string, InvocationTokens>} */
  const tokens = new Map();
  /** @param {string} view */
  const tokensOf = (view) => {
    const known = tokens.get(view) ?? new InvocationTokens({ moduleKey, view });
    tokens.set(view, known);
    return known;
  };
  const traffic = new Traffic();
  receive('event', ({ payload }) => traffic.showRequest(payload));
  onHost((problem) => {
    traffic.hostProblem = problem;
  });
  new Faults();
  const problems = new ProblemsOverlay();
  const reporter = new Reporter(moduleKey, element('main', HTMLElement).dataset.report !== undefined);
  new PermissionPanel();

  /**
   * Returns the handler for the commands of the page in a place.
   * @param {import('./place.js').Place} place
   * @returns {import('../wire.js').Handler}
   */
  const handlerFor = (place) => async (command, payload) => {
    const listeners = [traffic.add(command, payload), reporter.call(command, payload)];
    try {
      const result = await perform(command, payload, {
        moduleKey,
        place,
        show,
        tokens: tokensOf(place.view),
        note: (about) => listeners.forEach((listener) => listener.note(about)),
      });
      for (const listener of listeners) listener.succeed(result);
      return result;
    } catch (error) {
      for (const listener of listeners) listener.fail(error);
      throw error;
    }
  };

  /** Takes the errors of a page of the app. @param {unknown} errors */
  const onErrors = (errors) => {
    for (const { name, text, count } of Array.isArray(errors) ? errors.filter(isRecord) : []) {
      const error = { name: String(name), text: withoutTokens(String(text)), count: Number(count) };
      traffic.addError(error);
      reporter.pageError(error);
    }
  };

  const programs = element('main', HTMLElement).dataset.programs?.split(' ') ?? [];
  /** @param {import('./place.js').Place} place */
  const onLoaded = (place) => (/** @type {unknown} */ loaded) => {
    const error = missingProgram(loaded, place.url, programs);
    if (error) onErrors([error]);
  };

  /** @param {unknown} found */
  const onEarly = (found) => {
    const { path, names } = isRecord(found) ? found : {};
    if (Array.isArray(names)) reporter.early({ name: String(path), text: names.map(String).join(' ') });
  };

  const mainURL = iframe.src;

  const carried = takeCarried();
  if (carried) {
    restorePanels(carried);
    // The app's page may have gone to another page of its resource. After a restart of the host, its origin may be another.
    const kept = isRecord(carried.state) ? String(carried.state.url) : '';
    if (URL.canParse(kept)) {
      const { pathname, search, hash } = new URL(kept);
      const url = new URL(pathname + search + hash, mainURL).href;
      if (url.startsWith(new URL('.', mainURL).href)) iframe.src = url;
    }
    if (carried.restarted) showNotice('The local host was restarted, so this page was loaded again.');
  }

  /** @type {import('./commands.js').Call['show']} */
  const show = (place, { title, into, onEscape, onSize }) => {
    const frame = /** @type {HTMLIFrameElement} */ (iframe.cloneNode());
    frame.hidden = false;
    frame.title = title;
    frame.src = place.url;
    const connection = connectPage(frame, place, {
      handler: handlerFor(place),
      onState: (state) => {
        if (state === 'connected' && onSize) connection.call('watchSize').catch(() => {});
      },
      signals: {
        'forgego:errors': onErrors,
        'forgego:loaded': onLoaded(place),
        'forgego:escape': () => onEscape?.(),
        'forgego:flags': toggleFlags,
        'forgego:size': (size) => {
          const { width, height } = isRecord(size) ? size : {};
          if (typeof width === 'number' && typeof height === 'number') onSize?.({ width, height });
        },
      },
    });
    const stage = make('div', 'stage');
    stage.append(frame);
    into.append(stage);
    return connection.close;
  };

  /** Hides the app's page, and says why. @param {string} why @param {string} detail */
  const leave = (why, detail) => {
    iframe.hidden = true;
    showNotice(why, detail, {
      text: 'Open it again',
      run: () => {
        iframe.hidden = false;
        iframe.src = main.url;
      },
    });
  };
  const main = newPlace(mainURL, {
    view,
    close: (value, hasValue) => {
      for (const run of main.onClose) Promise.resolve(run()).catch(() => {});
      leave('The app has closed its view.', hasValue ? describeBriefly(value) : '');
    },
    saved: (value) => leave('The product has saved what the view has submitted:', describeBriefly(value)),
  });
  startTheme();
  startLocale();
  startSession();
  const setPrintHeight = printWhole(iframe);
  const follow = followHeight(iframe, element('stage', HTMLElement).classList.contains('fills'));
  const { call, keep, reload } = connectPage(iframe, main, {
    handler: handlerFor(main),
    onState: (state) => {
      traffic.frameState = state;
      if (state === 'without') onErrors([missingBridge(main.url)]);
      if (state === 'connected') call('watchSize').catch(() => {});
    },
    signals: {
      'forgego:errors': onErrors,
      'forgego:loaded': onLoaded(main),
      'forgego:early': onEarly,
      'forgego:escape': () => problems.hide(),
      'forgego:flags': toggleFlags,
      'forgego:size': (size) => {
        const height = isRecord(size) ? Number(size.height) : 0;
        setPrintHeight(height);
        follow(height);
      },
    },
    state: carried?.state,
  });
  template.replaceWith(iframe);
  if (carried?.hasFocus) iframe.focus();

  const over = overOf(iframe);
  /** The place that the developer works with. */
  let front = main;
  if (over) {
    const isMacro = element('stage', HTMLElement).classList.contains('macro');
    if (isMacro) main.extension.isEditing = true;
    front = openOver(over, {
      iframe,
      show,
      closed: () => {
        front = main;
        delete main.extension.isEditing;
        loadContext().catch(() => {});
        // A saved value loads the page again anyway, and the two are one.
        if (isMacro) reload();
      },
    });
  }
  const loadContext = startContextPanel(moduleKey, () => front.view);
  startEventPanel(moduleKey, () => front.view);
  receive('context', ({ payload }) => {
    if (!isRecord(payload) || payload.module !== moduleKey) return;
    loadContext().catch(() => {});
    if (payload.saved !== true) refreshPages('app', '', []);
    // A view that has saved a value keeps what it shows until it is closed.
    else if (main.view === '' || main.view === 'view') reload();
  });
  startRefresh(keep);
  startAsk({
    call: async (input) => {
      const { command, payload } = isRecord(input) ? input : {};
      return handlerFor(front)(String(command), payload);
    },
    theme: async (input) => chooseTheme(isRecord(input) ? input.theme : undefined),
    session: chooseSession,
  });
} else {
  // There is no such module. After a change of manifest.yml there may be one.
  startRefresh(async () => {});
  startAsk({ session: chooseSession });
}
