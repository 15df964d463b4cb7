import type { Reporter } from 'vitest/node'

/**
 * Prints `Tests: N passed, M failed` alone as the very last line, for CI to read.
 * What fails outside a test (a file that does not load, a hook, a stray rejection) counts as failed.
 */
export function closingLine(): Reporter {
  let line: string | undefined
  // The other reporters write their summaries at the end of the run, so this waits for the exit.
  process.once('exit', () => {
    if (line) process.stdout.write(`${line}\n`)
  })
  return {
    onTestRunEnd(modules, unhandledErrors, reason) {
      let passed = 0
      let failed = unhandledErrors.length
      let skipped = 0
      for (const module of modules) {
        if (module.errors().length > 0) failed += 1
        for (const suite of module.children.allSuites()) {
          if (suite.errors().length > 0) failed += 1
        }
        for (const test of module.children.allTests()) {
          const { state } = test.result()
          if (state === 'passed') passed += 1
          else if (state === 'failed') failed += 1
          else skipped += 1
        }
      }
      // A run can fail without a failed test, such as by being interrupted.
      if (reason !== 'passed' && failed === 0) failed = 1
      line = `Tests: ${passed} passed, ${failed} failed`
      if (skipped > 0) line += `, ${skipped} skipped`
    },
  }
}
