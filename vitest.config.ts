import { defineConfig } from 'vitest/config'

// The tests' servers are on this machine: a proxy that a developer needs elsewhere cannot reach them.
for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name]

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A command line in the test's own process may change its working directory, which threads share.
    pool: 'forks',
    // Importing the program and the test libraries once in each process, not in each file, halves the time.
    // Nothing here mocks a module or leaves a global changed.
    isolate: false,
    // Most tests wait for sockets and processes, not for a processor.
    maxWorkers: 4,
    // Ends what hangs, and nothing else: a busy machine may take a minute for what takes a second.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
