// What the product knows: its REST API, stored objects, flags of features.

/** @type {import('./commands.js').Commands} */
export const dataCommands = {};
