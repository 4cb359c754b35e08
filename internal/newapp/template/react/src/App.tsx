import { useEffect, useState, type FormEvent } from 'react';
import { addNote, deleteNote, setDone, watchNotes, type Note } from './logic?go';

// The classes of the lozenges in controls.css.
const kinds: Record<string, string> = { idea: 'discovery', question: 'warning', decision: 'success' };

export function App() {
  const [notes, setNotes] = useState<Note[]>();
  const [problem, setProblem] = useState('');
  const [attempt, setAttempt] = useState(0);

  // The Go program says how the notes are: now, and after each change, also in other pages of the app.
  useEffect(() => {
    const end = new AbortController();
    async function watch() {
      try {
        for await (const all of watchNotes({ signal: end.signal })) {
          setNotes(all ?? []);
          setProblem('');
        }
      } catch (error) {
        if (end.signal.aborted) return;
        // A saved Go file has replaced the program: go on with the new one.
        if ((error as Error).name === 'ReplacedError') setAttempt((n) => n + 1);
        else setProblem((error as Error).message);
      }
    }
    watch();
    return () => end.abort();
  }, [attempt]);

  // Calls a Go function, and shows its error. It returns whether the call has succeeded.
  async function run(call: () => Promise<unknown>) {
    try {
      await call();
      setProblem('');
      return true;
    } catch (error) {
      setProblem((error as Error).message);
      return false;
    }
  }

  function loadAgain() {
    setProblem('');
    setAttempt(attempt + 1);
  }

  return (
    <main className="stack">
      <AddNote add={(text, kind) => run(() => addNote({ id: 0, text, kind, done: false }))} />
      {problem && (
        <div className="message danger" role="alert">
          <p>{problem}</p>
          <button type="button" onClick={loadAgain}>
            Load again
          </button>
        </div>
      )}
      {!notes && !problem && (
        <div className="spinner" role="status">
          Loading the notes
        </div>
      )}
      {notes?.length === 0 && (
        <div className="empty">
          <h2>No notes yet</h2>
          <p>The first note that you add appears here.</p>
        </div>
      )}
      {notes && notes.length > 0 && (
        <div className="table">
          <table>
            <thead>
              <tr>
                <th scope="col">Done</th>
                <th scope="col">Note</th>
                <th scope="col">Kind</th>
                <td></td>
              </tr>
            </thead>
            <tbody>
              {notes.map((note) => (
                <tr key={note.id}>
                  <td>
                    <input
                      type="checkbox"
                      aria-label="Done"
                      checked={note.done}
                      onChange={() => run(() => setDone({ note, done: !note.done }))}
                    />
                  </td>
                  <td className="text grow">{note.text}</td>
                  <td>
                    <span className={'lozenge ' + kinds[note.kind]}>{note.kind}</span>
                  </td>
                  <td>
                    <button className="subtle" type="button" onClick={() => run(() => deleteNote(note))}>
                      Delete
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </main>
  );
}

function AddNote({ add }: { add: (text: string, kind: string) => Promise<boolean> }) {
  const [text, setText] = useState('');
  const [kind, setKind] = useState('idea');

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (await add(text, kind)) setText('');
  }

  return (
    <form className="row" autoComplete="off" onSubmit={submit}>
      <label className="field grow">
        Note <input value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      <label className="field">
        Kind
        <select value={kind} onChange={(event) => setKind(event.target.value)}>
          <option value="idea">Idea</option>
          <option value="question">Question</option>
          <option value="decision">Decision</option>
        </select>
      </label>
      <button className="primary">Add</button>
    </form>
  );
}
