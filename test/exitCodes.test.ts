import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startProgram } from '#test/support/posseProcess.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'posse-exit-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const replayOn = (database: string) => ['--case', 'ronin', '--speed', '1', '--database', database]

async function hasBegun({ output }: ReturnType<typeof startProgram>): Promise<void> {
  await expect.poll(() => output.text, { timeout: 15_000 }).toContain('Replaying')
}

describe('exit codes', () => {
  test('behavior: 75 while another Posse has the database, 0 within five seconds of SIGTERM', async () => {
    const file = join(folder, 'shared.sqlite')
    const first = startProgram(replayOn(file))
    await hasBegun(first)
    const second = startProgram(replayOn(file))
    expect(await second.ended).toBe(75)
    expect(second.output.errors.replace(folder, '')).toMatchInlineSnapshot(`
      "The database "/shared.sqlite" is in use by another process. Stop the other one first, or name another file.
      "
    `)
    expect(second.output.text).toBe('')
    const askedAt = performance.now()
    first.kill('SIGTERM')
    expect(await first.ended).toBe(0)
    expect(performance.now() - askedAt).toBeLessThan(5_000)
    expect(first.output.errors).toBe('')
  }, 40_000)

  test('behavior: 1 where a person is needed: a database that is none', async () => {
    const file = join(folder, 'notes.txt')
    writeFileSync(file, 'These are my notes. '.repeat(500))
    const program = startProgram(replayOn(file))
    expect(await program.ended).toBe(1)
    expect(program.output.errors.replace(folder, '')).toMatchInlineSnapshot(`
      "The file "/notes.txt" is not a database. Name another file, or move this one away.
      "
    `)
    expect(program.output.text).toBe('')
  }, 20_000)
})
