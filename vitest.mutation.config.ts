import { defineConfig } from 'vitest/config'

// Mutants are killed by tests that run in their own process: what starts the built program is left out.
export default defineConfig({
  test: {
    include: [
      'test/{download,http,images,report,selection,server,sources,store}/**/*.test.ts',
      'test/commands/download/name-by.test.ts',
    ],
    isolate: false,
    // Each takes far less than this: with a mutant, one that takes longer never ends.
    testTimeout: 6_000,
  },
})
