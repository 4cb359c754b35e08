// Takes the place of trouble.js in the ES module, which loads it only when something goes wrong.

// @ts-check

/** @import { Fail } from './program.js' */

const load = () => import('./more.js');

/** @param {Error} error @param {boolean} isCompiled */
export const explainProgram = (error, isCompiled) =>
  load().then(
    (more) => more.explainProgram(error, isCompiled),
    () => Promise.reject(error),
  );

/** @param {boolean} inPage @returns {Fail} */
export const newReport =
  (inPage) =>
  (...texts) =>
    load().then(
      (more) => more.newReport(inPage)(...texts),
      () => console.error(...texts),
    );

/** @param {Fail} fail @param {number} status @param {string} words */
export const explainEnd = (fail, status, words) =>
  load().then(
    (more) => more.explainEnd(fail, status, words),
    () => console.error(status, words),
  );
