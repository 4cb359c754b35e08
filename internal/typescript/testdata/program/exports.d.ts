// Written by "forgego types". Do not edit.

import type { CallOptions } from './forgego.module.js';

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

/** The functions that the program exports. */
export interface Exports {
  /** addTask adds a task and returns it with its number. */
  addTask(input: Task, options?: CallOptions): Promise<Task | null>;
  find(input: Query, options?: CallOptions): Promise<Task[] | null>;
  lines(input: string, options?: CallOptions): AsyncIterableIterator<string>;
  /** list returns the tasks of a page. */
  list(input: number, options?: CallOptions): Promise<PageOfTask>;
  names(input: ListTask, options?: CallOptions): Promise<{ [key: string]: ListTask } | null>;
  refresh(options?: CallOptions): Promise<void>;
  shrink(input: Uint8Array | ArrayBuffer, options?: CallOptions): Promise<Uint8Array>;
}
