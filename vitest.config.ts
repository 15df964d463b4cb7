import { defineConfig } from 'vitest/config'
import { closingLine } from './test/support/closingLine.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Processes of their own: a test that leaks a timer or an environment variable hurts no other.
    pool: 'forks',
    // Small CI machines have two cores, and some tests start programs of their own.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    reporters: ['default', closingLine()],
  },
})
