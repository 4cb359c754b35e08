import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carry, takeCarried } from '../product/carry.js';

const value = { state: { items: [] }, hasFocus: true, open: ['faults'], traffic: false };

/** Sets the session storage and the address to those of a tab. */
const open = () => {
  const stored = new Map();
  /** @type {any} */ (globalThis).sessionStorage = {
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, text) => {
      if (text.length > 1000) throw new Error('QuotaExceededError');
      stored.set(key, text);
    },
    removeItem: (key) => stored.delete(key),
  };
  /** @type {any} */ (globalThis).location = { pathname: '/', search: '?module=a' };
  return stored;
};

test('a value is taken once', () => {
  const stored = open();
  carry(value);
  assert.deepEqual(takeCarried(), { ...value, address: '/?module=a' });
  assert.equal(stored.size, 0);
  assert.equal(takeCarried(), undefined);
});

test('a page of another module does not get it', () => {
  const stored = open();
  carry(value);
  globalThis.location.search = '?module=b';
  assert.equal(takeCarried(), undefined);
  assert.equal(stored.size, 0);
});

test('a value that is too large is not kept', () => {
  open();
  carry({ ...value, state: 'x'.repeat(2000) });
  assert.equal(takeCarried(), undefined);
});
