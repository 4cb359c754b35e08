// Uses the functions of programs/module as their types allow.
import { load, type Program, type ProgramError } from './forgego.module.js';
import type { Exports, NewTask, Task } from './exports.js';

const program: Program<Exports> = await load<Exports>(new URL('app.wasm', 'https://example.com'), {
  gzip: true,
  early: ['getContext'],
  args: ['a'],
  env: { NAME: 'x' },
});
const { exports: api } = program;
const entered: NewTask = { title: 'x', priority: 'high', estimate: 1, labels: null, done: false };
const task: Task = await api.addTask(entered, { signal: AbortSignal.timeout(1000) });
const due: string | undefined = task.due;
const bytes: Uint8Array = await api.reverse(new Uint8Array(1));
const nothing: void = await api.nothing();
const mapped: number[] | null = await api.map({
  numbers: [1],
  each: async (n) => n.valueOf() + 1,
  log: (value) => console.log(value),
});
for await (const n of api.count(3)) n.toFixed();
try {
  await api.fail('coded');
} catch (error) {
  const { name, message, code }: ProgramError = error as ProgramError;
  console.log(name, message, code, due, bytes, nothing, mapped);
}
const status: number = await program.ended;
await program.stop(new Error(`${status}`));
const untyped = await load('app.wasm');
await untyped.exports.anything(1, 2);
