// The line of a call over the bridge.
import { make, makeButton } from './element.js';
import { Entry } from './entry.js';
import { goTest } from './gotest.js';
import { describe, forTest, withoutTokens } from './redact.js';

export class CallEntry extends Entry {
  #started = performance.now();
  #command;
  #payload;
  /** The key of the remote or service that the call went to. */
  #remote = '';
  /** The result to show for a successful call. A command may set another text. */
  #status = 'done';

  /**
   * @param {string} command
   * @param {unknown} payload
   */
  constructor(command, payload) {
    super('call', command, [
      { title: 'Payload', label: `Payload of ${command}` },
      { title: 'Answer', label: `Answer to ${command}` },
    ]);
    this.#command = command;
    // Now, because the app may change the object later.
    this.#payload = forTest(payload);
    this.write(0, describe(payload));
    this.write(1, 'Waiting for the answer.');
  }

  /** Sets texts of the line. @param {{remote?: string, request?: string, status?: string}} about */
  note({ remote, request, status }) {
    if (remote) this.#remote = remote;
    if (status) this.#status = status;
    this.describe({ remote, request });
  }

  /** @param {unknown} answer */
  succeed(answer) {
    this.write(1, describe(answer));
    this.#finish(/^[45]/.test(this.#status) ? 'failed' : 'ok', this.#status);
    const recorded = forTest(answer);
    if (recorded) this.#offerTest({ answer: recorded.value });
  }

  /** @param {unknown} error */
  fail(error) {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    const { code, detail } = /** @type {{code?: unknown, detail?: string}} */ (error ?? {});
    // Texts of several lines, such as a stack trace, stand outside the JSON, so that they keep their lines and can be copied.
    const longMessage = message.includes('\n');
    const longDetail = detail?.includes('\n');
    const parts = describe({
      error: name,
      message: longMessage ? undefined : message,
      code,
      detail: (!longDetail && detail) || undefined,
    });
    this.write(
      1,
      [longMessage && message, parts, longDetail && withoutTokens(detail ?? '')].filter(Boolean).join('\n\n'),
    );
    const result = name === 'Error' ? message : `${name}: ${message}`;
    this.#finish('failed', detail && !longDetail ? `${result} – ${withoutTokens(detail)}` : result);
    this.#offerTest({ error: { name, message: withoutTokens(message), code } });
  }

  /** @param {'ok' | 'failed'} state @param {string} text */
  #finish(state, text) {
    this.finish(state, text, performance.now() - this.#started);
  }

  /**
   * Adds the button that copies the call as a Go test. A call with functions or files has none, because they are not kept.
   * @param {Pick<import('./gotest.js').Recorded, 'answer' | 'error'>} result
   */
  #offerTest(result) {
    const payload = this.#payload;
    if (!payload) return;
    const text = () => goTest({ command: this.#command, payload: payload.value, remote: this.#remote, ...result });
    if (text() === undefined) return;
    const actions = make('p', 'actions');
    const state = make('span', 'empty');
    state.setAttribute('role', 'status');
    const button = makeButton('Copy as Go test', '', async () => {
      const test = text() ?? '';
      try {
        await navigator.clipboard.writeText(test);
        state.textContent = 'Copied. Paste it into a file that ends in _test.go.';
      } catch {
        // The user can still copy it by hand.
        const shown = make('pre', 'test', test);
        shown.tabIndex = 0;
        actions.replaceWith(shown);
        shown.focus();
      }
    });
    actions.append(button, state);
    this.append(actions);
  }
}
