export const handler = () => {};
export const admin = handler;
