import { defineConfig } from 'vitest/config';

export default defineConfig({
  base: '/app/',
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: 'chunks.json',
  },
  server: { proxy: { '/v1': process.env.INNOPAY_URL ?? 'http://127.0.0.1:8080' } },
  test: { environment: 'happy-dom', include: ['test/**/*.test.{ts,tsx}'], testTimeout: 5000 },
});
