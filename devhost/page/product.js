// The product's page: shows the app's module, answers its commands and lists them.
import { perform } from './commands.js';
import { Faults } from './faults.js';
import { connectFrame } from './frame.js';
import { Tokens } from './server.js';
import { Traffic } from './traffic.js';

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

  /** @type {import('./wire.js').Handler} */
  const answer = async (command, payload) => {
    const entry = traffic.add(command, payload);
    try {
      const result = await perform(command, payload, { moduleKey, tokens, note: (about) => entry.note(about) });
      entry.succeed(result);
      return result;
    } catch (error) {
      entry.fail(error);
      throw error;
    } finally {
      if (command === 'fetchRemote' || command === 'signInvocationTokenForUI') faults.refresh();
    }
  };

  connectFrame(iframe, new URL(iframe.src).origin, answer, (state) => {
    traffic.state = states[state];
  });
  template.replaceWith(iframe);
}
