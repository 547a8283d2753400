import { defineConfig } from 'vite';

/** The operators' console: a build of its own, which no service worker keeps. */
export default defineConfig({
  root: 'src/console',
  base: '/console/',
  publicDir: false,
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: 'chunks.json',
  },
  server: { proxy: { '/v1': process.env.INNOPAY_URL ?? 'http://127.0.0.1:8080' } },
});
