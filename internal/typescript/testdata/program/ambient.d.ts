// Written by "forgego types". Do not edit.

declare module '*/logic?go' {
  /** The last argument of each function. signal ends the context of the Go function, and rejects the call. */
  export interface CallOptions {
    signal?: AbortSignal;
  }

  /** Level is a number with names. */
  export type Level = 0 | 1;

  /** Task is another type with that name. */
  export interface ListTask {
    Name: string;
  }

  /** Page is one page of a list. */
  export interface PageOfTask {
    items: Task[] | null;
    next?: string;
  }

  /** Priority is how urgent a task is. */
  export type Priority = 'low' | 'it\'s high';

  /** Query is what to look for. */
  export interface Query {
    text: string;
    progress?: ((input: number) => unknown);
    choose: ((input: Task[] | null) => Task | null | Promise<Task | null>);
  }

  /** Seconds has no constants. */
  export type Seconds = number;

  /**
   * Task is what a user plans.
   *
   * It has comments of several lines, and one with * / in it.
   */
  export interface Task {
    /** Title is what the list shows. */
    title: string;
    priority: Priority;
    level?: Level;
    estimate: number;
    due?: string;
    created?: string;
    parent: Task | null;
    children?: Task[];
    labels: string[] | null;
    maybe: (string | null)[] | null;
    colors: { [key: string]: string } | null;
    shape: unknown;
    picture: string | null;
    fixed: boolean[];
    any: unknown;
    raw: unknown;
    number: number;
    big: string;
    pos: {
      X: Seconds;
      /** Y is down. */
      'y-axis': Seconds;
    };
    '-': string;
    id: number;
    version?: string;
    by?: string;
  }

  /** addTask adds a task and returns it with its number. */
  export function addTask(input: Task, options?: CallOptions): Promise<Task | null>;
  export function find(input: Query, options?: CallOptions): Promise<Task[] | null>;
  export function lines(input: string, options?: CallOptions): AsyncIterableIterator<string>;
  /** list returns the tasks of a page. */
  export function list(input: number, options?: CallOptions): Promise<PageOfTask>;
  export function names(input: ListTask, options?: CallOptions): Promise<{ [key: string]: ListTask } | null>;
  export function refresh(options?: CallOptions): Promise<void>;
  export function shrink(input: Uint8Array | ArrayBuffer, options?: CallOptions): Promise<Uint8Array>;
}
