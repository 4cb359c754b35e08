import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installStorage, settled } from './browser.js';
import { fire, installDocument } from './dom.js';

let copies = 0;

/** Loads the page in a system with a light or dark theme, with a choice from before. */
const load = async ({ systemIsDark = false, stored = undefined } = {}) => {
  copies += 1;
  const page = installDocument({ theme: 'select' });
  const storage = installStorage('localStorage');
  if (stored !== undefined) storage.set('forgego:theme', stored);
  const system = Object.assign(new EventTarget(), { matches: systemIsDark });
  /** @type {any} */ (globalThis).matchMedia = () => system;
  /** @type {any} */ (globalThis).window = new EventTarget();
  const { enableTheming, startTheme } = await import(`../product/theme.js?copy=${copies}`);
  startTheme();
  const control = page.getElementById('theme');
  return {
    enableTheming,
    storage,
    control,
    choose: (value) => {
      control.value = value;
      fire(control, 'change');
    },
    changeSystem: (isDark) => {
      system.matches = isDark;
      system.dispatchEvent(new Event('change'));
    },
    mode: () => page.documentElement.dataset.mode,
  };
};

/** Returns a place, and the themes that its page gets. */
const newPlace = (/** @type {{isDialog?: boolean, call?: () => unknown}} */ { isDialog = false, call } = {}) => {
  const themes = [];
  const place = {
    isDialog,
    cleanups: new Set(),
    call: async (command, theme) => {
      themes.push({ command, ...theme });
      await call?.();
    },
  };
  return { place, themes, modes: () => themes.map(({ colorMode }) => colorMode) };
};

test('the switch shows the choice from before', async (t) => {
  for (const [name, stored, control, mode] of /** @type {any[][]} */ ([
    ['which is auto at first', undefined, 'auto', undefined],
    ['light', 'light', 'light', 'light'],
    ['dark', 'dark', 'dark', 'dark'],
    ['or auto for an unknown value', 'pink', 'auto', undefined],
  ])) {
    await t.test(name, async () => {
      const page = await load({ stored });
      assert.deepEqual([page.control.value, page.mode()], [control, mode]);
    });
  }
});

test('a choice is stored, and auto takes the page’s own mode away', async () => {
  const { choose, storage, mode } = await load();
  choose('dark');
  assert.deepEqual([storage.get('forgego:theme'), mode()], ['dark', 'dark']);
  choose('auto');
  assert.deepEqual([storage.get('forgego:theme'), mode()], ['auto', undefined]);
});

test('the app’s page gets the theme', async (t) => {
  for (const [name, options, want] of /** @type {any[][]} */ ([
    ['of a light system', {}, 'light'],
    ['of a dark system', { systemIsDark: true }, 'dark'],
    ['of the choice rather than the system', { systemIsDark: true, stored: 'light' }, 'light'],
  ])) {
    await t.test(name, async () => {
      const { enableTheming } = await load(options);
      const { place, themes } = newPlace();
      await enableTheming(place);
      const [{ command, colorMode, theme, css }] = themes;
      assert.deepEqual([command, colorMode, theme], ['theme', want, 'dark:dark light:light']);
      assert.match(css, new RegExp(`^html { color-scheme: ${want}; --ds-`));
      assert.doesNotMatch(css, /undefined|surface-current: var/);
    });
  }
  await t.test('with the surface of a dialog in a dialog', async () => {
    const { enableTheming } = await load();
    const { place, themes } = newPlace({ isDialog: true });
    await enableTheming(place);
    assert.match(themes[0].css, /--ds-elevation-surface-current: var\(--ds-surface-overlay\);/);
  });
});

test('the app’s page gets the theme again', async (t) => {
  for (const [name, change] of /** @type {any[][]} */ ([
    ['when the user chooses another one', ({ choose }) => choose('dark')],
    ['when the system changes', ({ changeSystem }) => changeSystem(true)],
  ])) {
    await t.test(name, async () => {
      const page = await load();
      const { place, modes } = newPlace();
      await page.enableTheming(place);
      change(page);
      assert.deepEqual(modes(), ['light', 'dark']);
    });
  }
});

test('the app’s page gets no more themes', async (t) => {
  await t.test('after it has gone away', async () => {
    const { enableTheming, choose } = await load();
    const { place, modes } = newPlace();
    await enableTheming(place);
    for (const run of place.cleanups) run();
    choose('dark');
    assert.deepEqual(modes(), ['light']);
  });
  await t.test('after one could not be sent', async () => {
    const { enableTheming, choose } = await load();
    let gone = false;
    const { place, modes } = newPlace({
      call: () => {
        if (gone) throw new Error('The page is gone.');
      },
    });
    await enableTheming(place);
    gone = true;
    choose('dark');
    await settled();
    choose('light');
    assert.deepEqual(modes(), ['light', 'dark']);
  });
});
