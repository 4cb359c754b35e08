// The types of the plugin, for a vite.config.ts. "forgego vite" writes them beside it.

import type { Plugin } from 'vite';

export interface Options {
  /** The command forgego. The default is the one in PATH. */
  command?: string;
  /** The compiler. The default is go. */
  compiler?: 'go' | 'tinygo';
  /** Write the types of the exported functions into exports.d.ts in the program's folder. The default is true. */
  types?: boolean;
  /** Let vite build also write each program as .wasm.gz, which pages load. The default is true. */
  gzip?: boolean;
  /** Run the programs in workers, so that their work does not stop the page. The default is false. */
  worker?: boolean;
}

/** Returns the plugin, which imports Go programs: import { addTask } from './logic?go'. */
export default function forgego(options?: Options): Plugin;
