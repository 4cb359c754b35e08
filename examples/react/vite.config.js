import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import forgego from '../../jsglue/vite/index.js'; // in an app of your own: ./vite-plugin-forgego.js, which "forgego vite" writes

export default defineConfig({
  base: './', // Forge serves the app's files from a folder.
  plugins: [react(), forgego()],
  server: { port: 5173, strictPort: true }, // The same port as tunnel.port in manifest.yml.
});
