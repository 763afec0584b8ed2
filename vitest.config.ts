import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts', 'test/webview/**/*.test.ts'],
    // Most of what takes long waits for processes that the tests start.
    maxWorkers: '100%',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A uv of the machine's would make what pip is tested with; its tests bring their own.
    env: { RUNLEDGER_INSTALLER: 'pip' },
  },
});
