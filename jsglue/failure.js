// Makes the errors that say to the developer what to do.

// @ts-check

/**
 * Makes an error with a text for the developer.
 *
 * @param {string} title what happened @param {string} detail what to do
 */
export const failure = (title, detail) => Object.assign(new Error(title + '\n' + detail), { title, detail });

/** @param {any} error @returns {ReturnType<typeof failure>} */
export const explain = (error) => (error.title ? error : failure('The program could not be loaded.', error.message));

/** Dispatches an event of forgego. @param {string} what @param {unknown} [detail] */
export const announce = (what, detail) => document.dispatchEvent(new CustomEvent('forgego:' + what, { detail }));
