// npm.mjs reads a list of YAML texts as JSON from standard input. It prints how Forge reads each of them: {value} or
// {error}. @forge/manifest 13.7.0 calls parse of the npm package yaml, and converts the result to JSON.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

process.removeAllListeners('warning').on('warning', () => {});

const answers = JSON.parse(readFileSync(0, 'utf8')).map((text) => {
  try {
    return { value: JSON.parse(JSON.stringify(parse(text))) };
  } catch (error) {
    return { error: String(error.message) };
  }
});
console.log(JSON.stringify(answers));
