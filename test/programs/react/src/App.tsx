import { useState } from 'react';
import { summarize, wait, type Summary } from './logic?go';

export function App() {
  const [text, setText] = useState('');
  const [summary, setSummary] = useState<Summary>();
  const [problem, setProblem] = useState('');

  async function show() {
    try {
      setSummary(await summarize({ text }));
      setProblem('');
    } catch (error) {
      setProblem((error as Error).message);
    }
  }

  return (
    <main>
      <label>
        Text <input value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      <button onClick={show}>Summarize</button>
      <button onClick={() => wait().catch((error: Error) => setProblem(error.message))}>Wait</button>
      {summary && (
        <p>
          {summary.words} words, the longest is “{summary.longest}”: {summary.verdict}
        </p>
      )}
      {problem && <p role="alert">{problem}</p>}
    </main>
  );
}
