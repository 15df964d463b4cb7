import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { commands } from '#commands/index.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { completeCommand } from '#src/command/completeCommand.ts'
import type { Context } from '#src/context.ts'
import { createContext, readShippedLabels } from '#src/main/createContext.ts'
import { runCommand } from '#src/runCommand.ts'
import { createStore } from '#src/store/createStore.ts'
import { benchAddress, benchTheft, fillStore } from './benchCase.ts'
import { type Figure, median, timeOf } from './figure.ts'

const addresses = 1e5
const asked = 100
const rounds = 20

/** Milliseconds that an answer may take. */
const lookupBar = 200
const completionBar = 50

const terminal = {
  account: 'terminal',
  name: 'terminal',
  role: 'admin',
  organization: null,
} as const

/** What a person waits for: a look-up of a pasted list, and Tab, on a case of 1e5 addresses. */
export async function benchAnswers(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'posse-bench-'))
  const file = join(folder, 'answers.sqlite')
  const theft = benchTheft(1)
  await fillStore(file, { theft, addresses })
  const store = await createStore(await openSqlite(file))
  try {
    const context = await createContext({
      ...{ cases: [theft], chains: [ethereum], chats: [createMemoryChat()], store },
      labels: await readShippedLabels(new Date()),
      house: { organizations: [], members: [terminal], routes: [], feeds: [] },
      log: pino({ level: 'silent' }),
      now: () => Math.floor(Date.now() / 1000),
    })
    return [await timeLookup(context), await timeCompletion(context)]
  } finally {
    await store.close()
    await rm(folder, { recursive: true })
  }
}

/** Beside reading the same accounts from the store and nothing else. */
async function timeLookup(context: Context): Promise<Figure> {
  const user = { id: 'terminal', name: 'terminal' }
  const times: number[] = []
  const floors: number[] = []
  for (let round = 0; round < rounds; round++) {
    const some = Array.from({ length: asked }, (_, index) =>
      benchAddress(round * asked + index + 1),
    )
    const text = `lookup ${some.join(' ')}`
    floors.push(await timeOf(() => context.store.readAccounts('bench', some)))
    times.push(await timeOf(() => runCommand(context, commands, { text, user, channel: 'memory' })))
  }
  return figureOf(`lookup of ${asked} addresses, a case of 1e5`, times, { floors, bar: lookupBar })
}

async function timeCompletion(context: Context): Promise<Figure> {
  const times: number[] = []
  const floors: number[] = []
  for (let round = 0; round < rounds; round++) {
    const prefix = benchAddress(round + 1).slice(0, 5)
    floors.push(await timeOf(() => context.store.findAddresses('bench', prefix, { limit: 25 })))
    const text = `lookup ${prefix}`
    times.push(await timeOf(() => completeCommand(context, commands, { text, member: terminal })))
  }
  return figureOf('completion of an address, a case of 1e5', times, {
    floors,
    bar: completionBar,
  })
}

/** The bar is in milliseconds: people wait for the answer and not for a ratio. */
function figureOf(
  name: string,
  times: readonly number[],
  { floors, bar }: { floors: readonly number[]; bar: number },
): Figure {
  const value = median(times)
  const reference = median(floors)
  return { name, value, unit: 'ms', reference, ratio: value / reference, bar, ok: value <= bar }
}
