// Takes the place of early.js in the ES module, which loads it only for a page that has early calls.

// @ts-check

/** @import { EarlyCalls } from './early.js' */

/** @param {string[]} names @returns {EarlyCalls} */
export function beginEarly(names) {
  /** @type {EarlyCalls | undefined} */
  let early;
  return {
    take: (command, payload) => early?.take(command, payload),
    end: () => early?.end(),
    begun: names[0]
      ? import('./more.js').then((more) => {
          early = more.beginEarly(names);
        })
      : undefined,
  };
}
