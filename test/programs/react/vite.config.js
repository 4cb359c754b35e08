import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import forgego from './vite-plugin-forgego.js';

export default defineConfig({
  base: './', // Forge serves the app's files from a folder
  plugins: [react(), forgego()],
});
