// Builds with Vite in the current folder.
import { build } from 'vite';

await build({ cacheDir: '.vite', logLevel: 'warn' });
