// The product's page: shows the app's module, answers its commands and lists them.
import './pagekey.js'; // before anything else reads the address
import { perform } from './commands.js';
import { Faults } from './faults.js';
import { connectFrame } from './frame.js';
import { startLocale } from './locale.js';
import { notice } from './notice.js';
import { PermissionPanel } from './permissions.js';
import { leavePlace, newPlace } from './place.js';
import { describe } from './redact.js';
import { Tokens } from './server.js';
import { startTheme } from './theme.js';
import { Traffic } from './traffic.js';
import { isRecord } from '../wire.js';

const states = {
  loading: 'Loading the app…',
  connected: 'Connected',
  without: 'The page in the frame has not loaded the bridge. Is it an HTML page of the app?',
};

// On a narrow screen the modules are in one line, wider than the screen.
document.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

const template = document.querySelector('template');
const iframe = template?.content.querySelector('iframe');

if (template && iframe) {
  const { module: moduleKey = '' } = iframe.dataset;
  const tokens = new Tokens(moduleKey);
  const traffic = new Traffic();
  const faults = new Faults();
  new PermissionPanel();

  /**
   * @param {import('./place.js').Place} place
   * @returns {import('../wire.js').Handler}
   */
  const answerIn = (place) => async (command, payload) => {
    const entry = traffic.add(command, payload);
    try {
      const result = await perform(command, payload, { moduleKey, place, show, tokens, note: (about) => entry.note(about) });
      entry.succeed(result);
      return result;
    } catch (error) {
      entry.fail(error);
      throw error;
    } finally {
      if (command === 'fetchRemote' || command === 'signInvocationTokenForUI') faults.refresh();
    }
  };

  const appOrigin = new URL(iframe.src).origin;

  /** @type {import('./commands.js').Call['show']} */
  const show = (place, { title, into, onEscape, onSize }) => {
    const another = /** @type {HTMLIFrameElement} */ (iframe.cloneNode());
    another.title = title;
    another.src = place.url;
    const connection = connectFrame(
      another,
      appOrigin,
      answerIn(place),
      (state) => {
        if (state !== 'connected') return;
        leavePlace(place);
        if (onSize) connection.tell('watchSize').catch(() => {});
      },
      {
        'forgego:escape': () => onEscape?.(),
        'forgego:size': (size) => {
          const { width, height } = isRecord(size) ? size : {};
          if (typeof width === 'number' && typeof height === 'number') onSize?.({ width, height });
        },
      },
    );
    place.tell = connection.tell;
    into.append(another);
    return connection.close;
  };

  const main = newPlace(iframe.src, {
    close: (value, given) => {
      for (const run of main.onClose) Promise.resolve(run()).catch(() => {});
      iframe.hidden = true;
      notice('The app has closed its view.', given ? describe(value).replace(/\s+/g, ' ').slice(0, 200) : '', {
        text: 'Open it again',
        run: () => {
          iframe.hidden = false;
          iframe.src = main.url;
        },
      });
    },
  });
  startTheme();
  startLocale();
  const connection = connectFrame(iframe, appOrigin, answerIn(main), (state) => {
    if (state === 'connected') leavePlace(main);
    traffic.state = states[state];
  });
  main.tell = connection.tell;
  template.replaceWith(iframe);
}
