import { defineConfig } from 'vitest/config'
import { closingLine } from './test/support/closingLine.ts'

/** Tests that need the Slack of this machine, which comes as a program for x64 alone. */
const onSlack = [
  'test/adapters/chat/slack/{contract,faults,installing}.test.ts',
  'test/{flood,delivery/kill,main/checkChats}.test.ts',
]
const hasSlack = process.platform === 'linux' && process.arch === 'x64'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: hasSlack ? [] : onSlack,
    // Processes of their own: a test that leaks a timer or an environment variable hurts no other.
    pool: 'forks',
    // Small CI machines have two cores, and some tests start programs of their own.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    reporters: ['default', closingLine()],
  },
})
