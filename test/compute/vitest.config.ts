import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: resolve(import.meta.dirname, '..', '..'),
  test: {
    include: ['test/compute/**/*.test.ts'],
    globalSetup: 'test/compute/installBackends.ts',
    // Most of what takes long waits for processes that the tests start.
    maxWorkers: '200%',
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
