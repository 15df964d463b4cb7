import { existsSync } from 'node:fs'
import { access, constants, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { quote } from '#errors/quote.ts'
import { DatabaseInUseError } from '#errors/store.ts'
import { createStore } from '#src/store/createStore.ts'
import type { Store } from '#types/store.ts'
import { countOf } from '#utils/countOf.ts'
import { type Check, failedCheck } from './check.ts'
import type { Progress } from './judgeCase.ts'

/** Free space below which a long trail may fill the disk, in bytes. */
const minFreeBytes = 1e9

export type DatabaseReport = {
  checks: Check[]
  /** By case id; empty where the database could not be read. */
  progress: ReadonlyMap<string, Progress>
}

/** Opens the database as a start does, which brings its tables up to date too; one that is not there is not made. */
export async function checkDatabase(
  file: string,
  caseIds: readonly string[],
): Promise<DatabaseReport> {
  const about = `Database ${quote(file)}`
  if (file === ':memory:') {
    const advice = 'name a file under "database"'
    const check: Check = { about, state: 'warn', text: 'nothing outlives a restart', advice }
    return { checks: [check], progress: neverFollowed(caseIds) }
  }
  const folder = dirname(resolve(file))
  const disk = await checkDisk(folder)
  if (!existsSync(file)) {
    const check = await checkFolder(about, folder)
    return { checks: [check, ...disk], progress: neverFollowed(caseIds) }
  }
  try {
    const { text, progress } = await readDatabase(file, caseIds)
    return { checks: [{ about, state: 'ok', text }, ...disk], progress }
  } catch (error) {
    return { checks: [explain(about, error), ...disk], progress: new Map() }
  }
}

function neverFollowed(caseIds: readonly string[]): Map<string, Progress> {
  return new Map(caseIds.map((id) => [id, null]))
}

function explain(about: string, error: unknown): Check {
  if (!(error instanceof DatabaseInUseError)) return failedCheck(about, error)
  const text = 'another process uses it, most likely a running Posse'
  return { about, state: 'warn', text, advice: 'stop that one to have it checked, else do nothing' }
}

async function readDatabase(
  file: string,
  caseIds: readonly string[],
): Promise<{ text: string; progress: Map<string, Progress> }> {
  const db = await openSqlite(file)
  let store: Store
  try {
    store = await createStore(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
  try {
    const progress = new Map<string, Progress>()
    for (const id of caseIds) {
      const saved = await store.readCase(id)
      progress.set(id, saved?.head?.number ?? null)
    }
    const { pending, failed } = await store.countDeliveries()
    const text = `whole and up to date, ${countOf(pending, 'message')} to deliver, ${failed} given up`
    return { text, progress }
  } finally {
    await store.close()
  }
}

async function checkFolder(about: string, folder: string): Promise<Check> {
  try {
    await access(folder, constants.R_OK | constants.W_OK)
    return { about, state: 'ok', text: 'not there yet, it is made at the first start' }
  } catch {
    const text = existsSync(folder)
      ? 'its folder may not be written to'
      : 'its folder does not exist'
    const advice = 'name a file in a folder that exists and may be written to'
    return { about, state: 'fail', text, advice }
  }
}

/** Nothing where the folder is not there, which is told with the database. */
async function checkDisk(folder: string): Promise<Check[]> {
  const about = 'Disk'
  try {
    const { bavail, bsize } = await statfs(folder)
    return [judgeDisk(bavail * bsize)]
  } catch {
    if (!existsSync(folder)) return []
    const text = 'its free space cannot be told'
    return [{ about, state: 'warn', text, advice: `see to 1 GB for the database` }]
  }
}

export function judgeDisk(freeBytes: number): Check {
  const text = `${(freeBytes / 1e9).toFixed(1)} GB are free beside the database`
  if (freeBytes >= minFreeBytes) return { about: 'Disk', state: 'ok', text }
  const advice = 'free at least 1 GB: when the disk is full, following stops'
  return { about: 'Disk', state: 'warn', text, advice }
}
