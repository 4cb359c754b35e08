// A plugin for Vite that imports Go programs: import { addTask } from './logic?go'. "forgego vite" writes it into a project.

// @ts-check

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * @typedef {object} Options
 * @property {string} [command]        the command forgego; the default is the one in PATH
 * @property {'go' | 'tinygo'} [compiler]  the compiler; the default is go
 * @property {boolean} [types]         write the types into exports.d.ts in the program's folder; the default is true
 * @property {boolean} [gzip]          let vite build also write each program as .wasm.gz, which pages load; the default is true
 * @property {boolean} [worker]        run the programs in workers; the default is false
 */

/**
 * A program that was built, or the error of its last build.
 *
 * @typedef {object} Program
 * @property {string} dir
 * @property {string} out
 * @property {number} version
 * @property {string} hash     of the program's bytes
 * @property {{name: string, sequence: boolean}[]} functions
 * @property {string[]} watch
 * @property {{message: string, id?: string, loc?: {file: string, line: number, column: number}} | undefined} error
 */

/** @param {string} file */
const slashed = (file) => file.split(path.sep).join('/');

/** @param {string | Uint8Array} data */
const hashOf = (data) => createHash('sha256').update(data).digest('hex').slice(0, 12);

/** The name of the file with the types. */
const typesFile = 'exports.d.ts';

/**
 * Returns the plugin.
 *
 * @param {Options} [options]
 * @returns {any}
 */
export default function forgego({
  command = 'forgego',
  compiler = 'go',
  types = true,
  gzip = true,
  worker = false,
} = {}) {
  /** @type {any} */
  let config;
  /** The server of vite dev. @type {any} */
  let server;
  /** The programs by their folders. @type {Map<string, Promise<Program>>} */
  const programs = new Map();
  let version = 0;
  /** The programs that vite build has added to the app's files, by their references. @type {Map<string, Buffer>} */
  const emitted = new Map();

  /** @param {string} dir @returns {Promise<Program>} */
  async function build(dir) {
    const key = hashOf(dir);
    const out = path.join(config.cacheDir, 'forgego', key);
    const name = path.basename(dir);
    const { text, problem } = await run(out, dir, name);
    /** @type {Program} */
    const program = { dir, out, version: ++version, hash: '', functions: [], watch: [dir], error: problem };
    let info;
    try {
      info = JSON.parse(text);
    } catch {
      program.error ??= { message: command + ' printed no JSON: ' + text.slice(0, 200) };
      return program;
    }
    program.functions = info.functions ?? [];
    program.watch = info.watch ?? program.watch;
    if (!problem) program.hash = hashOf(await readFile(path.join(out, 'app.wasm')));
    if (types && info.types) {
      const file = path.join(dir, typesFile);
      const old = await readFile(file, 'utf8').catch(() => '');
      if (old !== info.types) {
        await writeFile(file, info.types);
        config.logger.info('wrote ' + path.relative(config.root, file), { timestamp: true });
      }
    }
    return program;
  }

  /** Runs forgego. @param {string} out @param {string} dir @param {string} name @returns {Promise<{text: string, problem: Program['error']}>} */
  function run(out, dir, name) {
    const args = ['module', '--json', '--ambient', '*/' + name + '?go', '--compiler', compiler, '--out', out, dir];
    return new Promise((resolve) =>
      execFile(command, args, { cwd: config.root, maxBuffer: 1 << 26 }, (error, text, errors) => {
        if (/** @type {any} */ (error)?.code === 'ENOENT') {
          errors =
            'The command ' +
            command +
            ' was not found. Install it: go install github.com/forgego/forgego/cmd/forgego@latest';
        }
        resolve({
          text: text || '{}',
          problem: error ? explain(errors.trim().replace(/^forgego: /, '') || error.message) : undefined,
        });
      }),
    );
  }

  /** Finds the first place in the compiler's text. @param {string} message @returns {Program['error']} */
  function explain(message) {
    const [, name, line, column] = /^(\S[^:\n]*\.go):(\d+)(?::(\d+))?/m.exec(message) ?? [];
    if (!name) return { message };
    const file = slashed(path.resolve(config.root, name));
    return { message, id: file, loc: { file, line: Number(line), column: Number(column ?? 1) - 1 } };
  }

  /** Returns the program, which is built once until a file changes. @param {string} dir */
  function programOf(dir) {
    let program = programs.get(dir);
    if (!program) programs.set(dir, (program = build(dir)));
    return program;
  }

  return {
    name: 'forgego',
    enforce: 'pre',

    /**
     * Lets vite dev read the page's modules when it starts. So it builds the programs, writes their types and prints their errors
     * before a page is open.
     */
    config: () => ({ server: { warmup: { clientFiles: ['./index.html'] } } }),

    /** @param {any} resolved */
    configResolved(resolved) {
      config = resolved;
    },

    /** @param {string} source @param {string | undefined} importer */
    resolveId(source, importer) {
      if (!source.endsWith('?go')) return;
      let dir = source.slice(0, -'?go'.length);
      if (dir.startsWith('/') && !existsSync(dir)) dir = path.join(config.root, dir); // an address on the server
      const from = importer ? path.dirname(importer.split('?', 1)[0]) : config.root;
      return slashed(path.resolve(from, dir)) + '?go';
    },

    /** @this {any} @param {string} id */
    async load(id) {
      if (!id.endsWith('?go')) return;
      const dir = path.resolve(id.slice(0, -'?go'.length));
      const program = await programOf(dir);
      if (server) server.watcher.add(program.watch);
      else for (const file of program.watch) this.addWatchFile(file);
      if (program.error) this.error({ ...program.error });
      const wasm = path.join(program.out, 'app.wasm');
      let url = JSON.stringify(
        config.base + '@forgego/' + path.basename(program.out) + '/' + program.version + '.wasm',
      );
      if (config.command === 'build') {
        const name = path.basename(dir) + '.wasm';
        const source = await readFile(wasm);
        const reference = this.emitFile({ type: 'asset', name, source });
        emitted.set(reference, source);
        url = 'import.meta.ROLLUP_FILE_URL_' + reference;
      }
      const options = { indicator: false, gzip: gzip && config.command === 'build', worker };
      return { code: moduleOf(program, url, options), map: null, moduleType: 'js' };
    },

    /** Adds the compressed programs, whose names are known only now. @this {any} */
    generateBundle() {
      if (!gzip) return;
      for (const [reference, source] of emitted) {
        this.emitFile({
          type: 'asset',
          fileName: this.getFileName(reference) + '.gz',
          source: gzipSync(source, { level: 9 }),
        });
      }
      emitted.clear();
    },

    /** For vite build --watch. @param {string} file */
    watchChange(file) {
      if (config.command !== 'build') return;
      for (const [dir, program] of programs) {
        program.then((p) => {
          if (concerns(p, file)) programs.delete(dir);
        });
      }
    },

    /** @param {any} dev */
    configureServer(dev) {
      server = dev;
      server.middlewares.use(
        async (/** @type {any} */ request, /** @type {any} */ response, /** @type {any} */ next) => {
          const [, key] = /\/@forgego\/([0-9a-f]{12})\/\d+\.wasm$/.exec(request.url.split('?', 1)[0]) ?? [];
          const all = key ? await Promise.all(programs.values()) : [];
          const program = all.find((p) => path.basename(p.out) === key);
          if (!program) return next();
          response.setHeader('Content-Type', 'application/wasm');
          response.setHeader('Cache-Control', 'no-store');
          createReadStream(path.join(program.out, 'app.wasm')).on('error', next).pipe(response);
        },
      );

      /** @type {Map<string, ReturnType<typeof setTimeout>>} */
      const timers = new Map();
      /** Builds a program again when its files are quiet. @param {string} dir */
      const schedule = (dir) => {
        clearTimeout(timers.get(dir));
        timers.set(
          dir,
          setTimeout(() => rebuild(dir), 20),
        );
      };
      /** @param {string} dir */
      async function rebuild(dir) {
        const before = await programs.get(dir);
        const building = build(dir);
        programs.set(dir, building);
        const program = await building;
        if (programs.get(dir) !== building) return; // a newer build has begun
        server.watcher.add(program.watch);
        if (program.error) {
          const { message, id, loc } = program.error;
          config.logger.error(message, { timestamp: true });
          // Vite reloads the page if its first update comes while there is an error. So make this the first update.
          server.ws.send({ type: 'update', updates: [] });
          server.ws.send({ type: 'error', err: { message, stack: '', id, loc, plugin: 'forgego' } });
          // The page keeps the program that it has.
          if (before && !before.error) programs.set(dir, Promise.resolve({ ...before, watch: program.watch }));
          return;
        }
        if (program.hash === before?.hash) {
          // Only a comment has changed, or a mistake was undone. An update removes the overlay.
          programs.set(dir, Promise.resolve({ ...before, watch: program.watch }));
          server.ws.send({ type: 'update', updates: [] });
          return;
        }
        const module = server.moduleGraph.getModuleById(slashed(dir) + '?go');
        if (module) await server.reloadModule(module);
      }
      /** @param {string} file */
      const changed = async (file) => {
        for (const [dir, program] of [...programs]) if (concerns(await program, file)) schedule(dir);
      };
      for (const event of ['add', 'change', 'unlink']) server.watcher.on(event, changed);
    },
  };
}

/** Reports whether a file is part of a program. @param {Program} program @param {string} file */
function concerns(program, file) {
  if (path.basename(file) === typesFile) return false;
  return program.watch.some((place) => file === place || path.dirname(file) === path.resolve(place));
}

/**
 * Returns the module with the functions of a program. In vite dev, the functions of an older module call the newest program.
 *
 * @param {Program} program @param {string} url a JavaScript expression @param {object} options those of load
 */
function moduleOf(program, url, options) {
  const shim = JSON.stringify(slashed(path.join(program.out, 'forgego.module.js')));
  const functions = program.functions.map(({ name, sequence }, i) => {
    const call = sequence ? 'iterate' : 'call';
    return `const f${i} = (...args) => ${call}('${name}', args);\nexport { f${i} as ${name} };\n`;
  });
  return `import { load } from ${shim};
const held = import.meta.hot?.data ?? {};
const before = held.program;
held.program = load(${url}, ${JSON.stringify(options)});
held.program.catch(() => {}); // a call gets the error
const replaced = Object.assign(new Error('The program was replaced by a newer one.'), { name: 'ReplacedError' });
before?.then((program) => program.stop(replaced)).catch(() => {});
const call = (name, args) => held.program.then(({ exports }) => {
  if (!exports[name]) throw new Error('The program does not export ' + name + '. Call wasm.ExportFunc before it first waits.');
  return exports[name](...args);
});
const iterate = (name, args) => {
  let values;
  const get = () => (values ??= call(name, args));
  return {
    next: async () => (await get()).next(),
    return: async (value) => (await get()).return(value),
    [Symbol.asyncIterator]() { return this; },
  };
};
${functions.join('')}if (import.meta.hot) import.meta.hot.accept();
`;
}
