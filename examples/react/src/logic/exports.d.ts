// Written by "forgego types". Do not edit.

declare module '*/logic?go' {
  /** The last argument of each function. signal ends the context of the Go function, and rejects the call. */
  export interface CallOptions {
    signal?: AbortSignal;
  }

  /** Done says whether a task is done. */
  export interface Done {
    id: string;
    done: boolean;
  }

  /** Failure is a message about what failed. */
  export interface Failure {
    /** Number is another for each message. */
    number: number;
    /** Subject names the message for Retry and Dismiss. */
    subject: string;
    text: string;
    /** Retry and Dismiss are the texts of the buttons. A button without a text is missing. */
    retry: string;
    dismiss: string;
    /** Trying is set while a retry is in progress. */
    trying: boolean;
  }

  /** Live says how the list is kept current. */
  export type Live = 'off' | 'reconnecting' | 'on';

  /** Name is the field for a new task's name. */
  export interface Name {
    text: string;
    /** Problem says what is wrong with the text, or is empty. */
    problem: string;
    /** Adding is set while the text is being sent. */
    adding: boolean;
  }

  /** Part is a kind of place. */
  export type Part = 'none' | 'other' | 'form' | 'row' | 'checkbox' | 'delete' | 'failure';

  /** Place is a part of the page that has, or should get, the keyboard focus. */
  export interface Place {
    part: Part;
    /** Of is the row's task, or the message's subject. */
    of: string;
  }

  /** Row is a task in the list. */
  export interface Row {
    id: string;
    name: string;
    done: boolean;
    /** Busy is set while a change of the task is in progress. */
    busy: boolean;
    /** File is the name of the task's file, or empty. */
    file: string;
    /** Delete is the name of the button that deletes the task. */
    delete: string;
  }

  /** Texts are the texts that do not change. */
  export interface Texts {
    title: string;
    name: string;
    add: string;
    ways: string;
    empty: string;
  }

  /** View is what the page shows. */
  export interface View {
    texts: Texts;
    /** Status describes the last event; it is empty after a failure. */
    status: string;
    /** Summary counts the tasks that are done; it is empty if there are no tasks. */
    summary: string;
    /** Loading is set while the tasks are loaded for the first time, and Loaded once they are there. */
    loading: boolean;
    loaded: boolean;
    /** Live says whether the list shows the changes of others at once, and LiveText says it in words. */
    live: Live;
    liveText: string;
    /** DirectNote explains why direct requests do not work, or is empty. */
    directNote: string;
    way: Way;
    name: Name;
    /** Rows are the tasks in their order, and Failures the messages about what failed, the oldest first. */
    rows: Row[] | null;
    failures: Failure[] | null;
    /** Focus is the new place of the keyboard focus, if it must move. */
    focus?: Place;
  }

  /** Way is one of the three ways to the backend. */
  export type Way = 'requestRemote' | 'invokeRemote' | 'direct';

  export function add(input: string, options?: CallOptions): Promise<void>;
  export function choose(input: Way, options?: CallOptions): Promise<void>;
  export function dismiss(input: string, options?: CallOptions): Promise<void>;
  export function edit(input: string, options?: CallOptions): Promise<void>;
  export function focused(input: Place, options?: CallOptions): Promise<void>;
  export function remove(input: string, options?: CallOptions): Promise<void>;
  export function retry(input: string, options?: CallOptions): Promise<void>;
  export function seen(options?: CallOptions): Promise<void>;
  export function setDone(input: Done, options?: CallOptions): Promise<void>;
  export function setOnline(input: boolean, options?: CallOptions): Promise<void>;
  export function undo(options?: CallOptions): Promise<void>;
  export function views(options?: CallOptions): AsyncIterableIterator<View>;
}
