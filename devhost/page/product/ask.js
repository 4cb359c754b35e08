// Does in this page what a program asks for, and answers without tokens. devhost/ask.go describes the commands.
import { isRecord } from '../wire.js';
import { HostError } from './hosterror.js';
import { forReport, withoutTokens } from './redact.js';
import { askServer } from './server.js';
import { receive, windowName } from './socket.js';

/** @param {unknown} error */
const textOf = (error) => {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  return (
    withoutTokens(name === 'Error' ? message : `${name}: ${message}`) || 'The page returned an error without a text.'
  );
};

/**
 * Does a command and returns its answer. What it passes to afterAnswer runs when the program has the answer.
 * @typedef {(payload: unknown, afterAnswer: (run: () => void) => void) => Promise<unknown>} Command
 */

/**
 * Begins to answer.
 * @param {Record<string, Command>} commands
 */
export const startAsk = (commands) => {
  receive('ask', async ({ payload: question }) => {
    if (!isRecord(question)) return;
    const { id, command, payload } = question;
    let answer;
    let finish = () => {};
    try {
      if (!Object.hasOwn(commands, String(command))) {
        throw new HostError(`The open page shows no module that could answer ${command}.`, 'UNKNOWN_COMMAND');
      }
      const result = await commands[String(command)](payload, (run) => {
        finish = run;
      });
      answer = { id, answer: forReport(result) ?? null };
    } catch (error) {
      answer = { id, error: textOf(error) };
    }
    await askServer('answer', answer).catch(() => {}); // The host is away.
    finish();
  });
  window.addEventListener('focus', async () => {
    try {
      await askServer('used', { window: await windowName() });
    } catch {
      // The host is away. It takes this window for used when it connects again.
    }
  });
};
