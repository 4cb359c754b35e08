// calls.js calls functions of a Go program, in the page and in a worker, and measures the calls.
import { load } from './forgego.module.js';

// The object of wasm_exec.js that runs the program of the page has the table of its references.
const { run } = Go.prototype;
let go;
Go.prototype.run = function (...args) {
  go ??= this;
  return run.apply(this, args);
};
globalThis.reports = [];
const here = (await load('app.wasm')).exports;
const there = (await load('app.wasm', { worker: true })).exports;

const task = { title: 'Write the report', priority: 'high', estimate: 1.5, labels: ['a', 'b'], done: false };
const tasks = Array.from({ length: 90 }, (_, i) => ({ id: i, ...task }));
const bytes = new Uint8Array(10_000);

/** What is measured. The last members are the same values without a program. */
const calls = {
  nothing: () => here.nothing(),
  struct: () => here.addTask(task),
  list: () => here.echoTasks(tasks),
  bytes: () => here.reverse(bytes),
  'nothing in a worker': () => there.nothing(),
  'struct in a worker': () => there.addTask(task),
  'list in a worker': () => there.echoTasks(tasks),
  'bytes in a worker': () => there.reverse(bytes),
  'struct as JSON': () => JSON.parse(JSON.stringify(task)),
  'list as JSON': () => JSON.parse(JSON.stringify(tasks)),
};

/** Makes calls one after the other, and returns how many microseconds one takes. */
globalThis.sample = async (name, n) => {
  const call = calls[name];
  const began = performance.now();
  for (let i = 0; i < n; i++) await call();
  return ((performance.now() - began) * 1000) / n;
};

/** Makes calls with a struct, and returns what the program holds after them. */
globalThis.many = async (n) => {
  for (let i = 0; i < n; i++) await here.addTask(task);
  await here.state(); // it collects garbage; the program then releases its values of JavaScript
  await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    ...(await here.state()),
    references: go._values.length - go._idPool.length,
    memory: go.mem.buffer.byteLength,
  };
};

/** The size of the list as JSON, in bytes. */
globalThis.listSize = JSON.stringify(tasks).length;
