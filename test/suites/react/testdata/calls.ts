// Calls of all functions that examples/react exports: as they should be, and in ways that TypeScript must refuse.
import {
  add,
  choose,
  dismiss,
  edit,
  focused,
  remove,
  retry,
  seen,
  setDone,
  setOnline,
  undo,
  views,
  type Row,
  type View,
} from './logic?go';

export async function right(signal: AbortSignal) {
  const done: void = await add('Buy milk', { signal });
  await choose('direct');
  await dismiss('the list');
  await edit('Buy');
  await focused({ part: 'row', of: '7' });
  await remove('7');
  await retry('7');
  await seen();
  await setDone({ id: '7', done: true });
  await setOnline(false);
  await undo();
  for await (const view of views({ signal })) {
    const rows: Row[] = view.rows ?? [];
    const way: 'requestRemote' | 'invokeRemote' | 'direct' = view.way;
    const part: string | undefined = view.focus?.part;
    return [done, rows, way, part, view.live === 'reconnecting', view.name.adding];
  }
}

export async function wrong(view: View) {
  // @ts-expect-error
  await add(7);
  // @ts-expect-error
  await add('Buy milk', { timeout: 1 });
  // @ts-expect-error
  await choose('post');
  // @ts-expect-error
  await dismiss();
  // @ts-expect-error
  await edit(undefined);
  // @ts-expect-error
  await focused({ part: 'column', of: '7' });
  // @ts-expect-error
  await focused({ part: 'row' });
  // @ts-expect-error
  await remove({ id: '7' });
  // @ts-expect-error
  await retry(null);
  // @ts-expect-error
  await seen('now');
  // @ts-expect-error
  await setDone({ id: 7, done: true });
  // @ts-expect-error
  await setDone({ id: '7', done: true, name: 'x' });
  // @ts-expect-error
  await setOnline('yes');
  // @ts-expect-error
  const undone: boolean = await undo();
  // @ts-expect-error
  const first: View = views();
  // @ts-expect-error
  const rows: Row[] = view.rows;
  // @ts-expect-error
  const off: boolean = view.live === 'dead';
  return [undone, first, rows, off];
}
