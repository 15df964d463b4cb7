import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { dumpTables } from './dumpTables.ts'

/** Posse as a program of its own, without a terminal. */
export function startProgram(args: readonly string[]) {
  const child = spawn(process.execPath, ['src/start.js', 'start', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, LOG_LEVEL: 'error' },
  })
  const output = { text: '', errors: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    output.text += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    output.errors += chunk.toString()
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return { output, ended, kill: (signal: NodeJS.Signals) => child.kill(signal) }
}

/** Alerts in a program's output, each as its text without spaces; one that was cut off in the middle is left out. */
export function alertsIn(text: string): string[] {
  const messages = text.split('\n\n').map((message) => message.replaceAll(/[\s↳]/g, ''))
  // Up to its handle: how late it came differs from run to run.
  return messages.flatMap(
    (message) =>
      /^.*Explorerhttps:\S+\/tx\/0x[0-9a-f]{64}.*?Alert[0-9a-f]{8}/.exec(message)?.[0] ?? [],
  )
}

/** Everything in a database but what depends on the clock. */
export async function dumpFile(file: string) {
  const db = await openSqlite(file)
  try {
    return await dumpTables(db as never)
  } finally {
    await db.destroy()
  }
}

/** Random numbers from 0 to 1 that a seed repeats (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
