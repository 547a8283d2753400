import { readFileSync } from 'node:fs';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig } from 'vitest/config';

/** The script that the service worker imports; a chunk of the app may have the same name. */
const isWorkers = ({ name, isEntry }: { name: string; isEntry: boolean }): boolean => isEntry && name === 'push';

/** What the app says of its build. */
const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };

export default defineConfig({
  define: { __VERSION__: JSON.stringify(version) },
  base: '/app/',
  plugins: [
    // The worker keeps the shell alone: nothing of the API and no page with a card in it
    // is ever cached (docs/adr/0010-live-and-offline.md).
    VitePWA({
      registerType: 'prompt',
      injectRegister: null,
      manifest: false,
      workbox: {
        globPatterns: ['index.html', 'icon.svg', 'assets/*.{js,css}', 'guide/*.webp'],
        // Wanted by few browsers, and by them when the camera first opens.
        globIgnores: ['assets/zxing-*.js'],
        navigateFallback: '/app/index.html',
        navigateFallbackAllowlist: [/^\/app\//],
        runtimeCaching: [],
        cleanupOutdatedCaches: true,
        // An own file would be one more script to watch.
        inlineWorkboxRuntime: true,
        // What to do with a push is ours (src/worker/): it adds no fetch and no cache.
        importScripts: ['push.js'],
        sourcemap: false,
      },
    }),
  ],
  build: {
    outDir: 'dist/app',
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: 'chunks.json',
    rolldownOptions: {
      input: { app: 'index.html', push: 'src/worker/push.ts' },
      // A worker imports a script by a name that does not change, and one that is no module:
      // what would be the module's own must not become the worker's.
      output: {
        entryFileNames: (chunk) => (isWorkers(chunk) ? 'push.js' : 'assets/[name]-[hash].js'),
        postBanner: (chunk) => (isWorkers(chunk) ? '(() => {' : ''),
        postFooter: (chunk) => (isWorkers(chunk) ? '})();' : ''),
      },
    },
  },
  server: { proxy: { '/v1': process.env.INNOPAY_URL ?? 'http://127.0.0.1:8080' } },
  test: { env: { BASE_URL: '/app/' }, environment: 'happy-dom', include: ['test/**/*.test.{ts,tsx}'], testTimeout: 5000, pool: 'threads', maxWorkers: '100%' },
});
