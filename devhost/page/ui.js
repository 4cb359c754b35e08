// What the product shows for the app: the view, its window, dialogs and flags.

/** @type {import('./commands.js').Commands} */
export const uiCommands = {};
