import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';
import { firstLoadGroups, preloadPage } from './first_load.ts';

/** Where `picferry bridge` listens while the window is developed in a browser. */
const bridge = process.env['PICFERRY_BRIDGE'] ?? 'http://127.0.0.1:36690';

export default defineConfig({
  plugins: [
    paraglideVitePlugin({
      project: './project.inlang',
      outdir: './src/paraglide',
      strategy: ['globalVariable', 'baseLocale'],
      outputStructure: 'message-modules',
    }),
    svelte(),
    svelteTesting(),
    preloadPage(),
  ],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    rolldownOptions: {
      input: ['index.html', 'mini.html', 'card.html'],
      output: { codeSplitting: { groups: firstLoadGroups } },
    },
    // Newer than what lowers light-dark() and oklch(): the styles rely on both as they are.
    target: ['safari17.5', 'chrome123'],
    // Every webview it runs in knows it.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
  },
  server: {
    port: 36680,
    strictPort: true,
    // The bridge answers only to its own address.
    proxy: Object.fromEntries(
      ['/rpc', '/events', '/thumb'].map((path) => [path, { target: bridge, changeOrigin: true }]),
    ),
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/testing/setup.ts'],
    restoreMocks: true,
    // Real components, real menus and axe: slow where many builds share few cores.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
