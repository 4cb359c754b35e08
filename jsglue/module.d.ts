// Describes the ES module of forgego: it loads programs in Go and calls the functions that they export.

/** What can be set when a program is loaded. */
export interface LoadOptions {
  /** Fetches the program's address with ".gz" added, and decompresses it in the page if the browser can. */
  gzip?: boolean;
  /** Calls to start while the program loads: "getContext", "get:KEY/PATH" or "token:KEY". */
  early?: string[];
  /** Whether a progress bar and failures are shown in the page. The default is true. */
  indicator?: boolean;
  /** The program's arguments, without its name. */
  args?: string[];
  /** The program's environment. */
  env?: Record<string, string>;
  /**
   * Runs the program in a worker, so that its work does not stop the page. It has the page's bridge, but not the page:
   * neither document nor window. The files forgego.page.js and forgego.worker.js must be beside this module.
   */
  worker?: boolean;
}

/** What can be set for one call of an exported function. It is the last argument. */
export interface CallOptions {
  /** Ends the context of the Go function, and rejects the call with the signal's reason. */
  signal?: AbortSignal;
}

/** A program that runs. Exports describes its functions; "forgego types" writes it. */
export interface Program<Exports = Record<string, (...args: any[]) => any>> {
  /** The functions that the program has exported so far by wasm.ExportFunc and wasm.ExportSeq. */
  readonly exports: Exports;
  /** Resolves to the exit status when the program has ended. */
  readonly ended: Promise<number>;
  /**
   * Ends the program: its context ends, its listeners are removed, and its running calls reject with reason. Resolves when
   * the program has ended. The program must call wasm.Run. A worker is ended after three seconds in any case; then the exit
   * status is 2.
   */
  stop(reason?: unknown): Promise<void>;
}

/** An error of an exported function. */
export interface ProgramError extends Error {
  /** The code of an error with the method ErrorCode. */
  code?: string;
}

/**
 * Loads a program and starts it.
 *
 * @param url the address of the program, relative to the page
 * @returns the program when it first waits. The promise rejects with an error whose message says what to do.
 */
export function load<Exports = Record<string, (...args: any[]) => any>>(
  url: string | URL,
  options?: LoadOptions,
): Promise<Program<Exports>>;
