import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/**/src/**/*.test.ts', 'examples/**/*.test.ts', 'docs/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/out/**'],
    pool: 'forks',
    // Loading modules anew for each file cost two thirds of the whole run. Tests therefore share
    // their workers: none may change a module's state, the environment or the current folder.
    isolate: false,
    // Vitest leaves a processor unused, which is half of a small machine.
    maxWorkers: availableParallelism(),
    // Simulations of a whole network are slow beside unit tests, and machines are slow at times.
    // A search of given length (FUZZ_RUNS) takes as long as it takes.
    testTimeout: process.env['FUZZ_RUNS'] ? 0 : 60_000,
    hookTimeout: 60_000,
    benchmark: { include: ['packages/**/bench/*.bench.ts'] },
  },
})
