// Events between modules, realtime channels, and what the user permits.

/** @type {import('./commands.js').Commands} */
export const eventCommands = {};
