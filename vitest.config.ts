import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // For the tests that start the program many times; no test measures time with it.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
