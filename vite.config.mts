import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome114',
    chunkSizeWarningLimit: 700, // kB; the page is read from the disk
    modulePreload: false,
    assetsInlineLimit: 0,
    sourcemap: true,
  },
});
