import { createRecordedChain } from '#adapters/chain/recorded/createRecordedChain.ts'
import { readRecording } from '#adapters/chain/recorded/readRecording.ts'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { commands } from '#commands/index.ts'
import { cases } from '#config/cases/index.ts'
import { chains } from '#config/chains/index.ts'
import { replayRules } from '#config/rules.ts'
import { CaseNotFoundError } from '#errors/input.ts'
import { UserError } from '#errors/userError.ts'
import { openCases } from '#src/case/openCases.ts'
import type { Context } from '#src/context.ts'
import { runRetraces } from '#src/retrace/runRetraces.ts'
import { runChain, tellRest } from '#src/runChain.ts'
import { runCommand } from '#src/runCommand.ts'
import { createStore } from '#src/store/createStore.ts'
import type { Case } from '#types/case.ts'
import type { Chain, ChainReader } from '#types/chain.ts'
import type { Follower } from '#types/follower.ts'
import type { Message } from '#types/message.ts'
import { createContext, readShippedLabels } from './createContext.ts'
import { createLog } from './createLog.ts'
import { createStop } from './createStop.ts'
import { neverEnds } from './neverEnds.ts'
import { openTerminal } from './openTerminal.ts'
import { readEnvironment } from './readEnvironment.ts'
import { startDeliveries } from './startDeliveries.ts'

/**
 * Replays a recorded theft in this terminal: alerts as the money moves, commands at the prompt. With a terminal it
 * stays at the prompt after the end, without one it ends with the summary. With a database it goes on where it was
 * stopped. Answers the exit code.
 * @throws UserError
 */
export async function runReplay({
  caseId,
  speed,
  database,
}: {
  caseId: string
  speed: number | 'max'
  /** A file, or `:memory:`. */
  database: string
}): Promise<number> {
  const env = readEnvironment()
  const { theft, recording, chain } = findRecording(caseId)
  const rows = await readRecording([recording], { native: chain.native })
  const labels = await readShippedLabels(new Date())
  const store = await createStore(await openSqlite(database))
  const stop = createStop()
  const clock = { now: theft.stolenAt }
  const opened: { context?: Context } = {}
  // Opened when all else has been read: an error before that must not leave a prompt behind.
  const chat = openTerminal({ context: () => opened.context, onExit: stop.now })
  const place = { channel: chat.name }
  try {
    const log = createLog({ level: env.LOG_LEVEL, secrets: [] })
    const now = () => clock.now
    const onTime = (seconds: number) => {
      clock.now = seconds
    }
    const { signal } = stop
    const closed = new AbortController()
    const follower = followerOf(createRecordedChain(rows, { chain: chain.id }), closed)
    const chats = [chat]
    const house = { organizations: [], members: [atTerminal], routes: [], feeds: [] }
    const rules = replayRules
    const given = { cases, chains, chats, follower, house, labels, log, now, rules, store }
    const context = await createContext(given)
    opened.context = context
    const reader = createRecordedChain(rows, { chain: chain.id, speed, onTime, signal })
    const followed = openCases(context).filter((open) => open.case.id === theft.id)
    chat.listen((call) => runCommand(context, commands, call))
    await chat.post(welcome(theft, rows.length), place)
    const deliveries = startDeliveries(context, { signal })
    const retraces = runRetraces(context, { signal })
    const either = AbortSignal.any([signal, closed.signal])
    const failure = Promise.race([deliveries.failure, neverEnds(retraces)])
    await Promise.race([runChain(context, reader, { cases: followed, signal: either }), failure])
    if (!either.aborted) await tellRest(context, followed)
    await Promise.race([deliveries.drained(), failure])
    const end = either.aborted ? 'The replay was stopped.' : 'The replay has ended.'
    await chat.post({ title: end, severity: 'info', sections: [] }, place)
    const user = { id: atTerminal.account, name: atTerminal.name }
    const summary = { text: `status ${theft.id}`, user, channel: chat.name }
    await chat.post(await runCommand(context, commands, summary), place)
    if (process.stdin.isTTY && process.stdout.isTTY) await Promise.race([stop.stopped, failure])
    stop.now()
    await retraces
    await deliveries.finish()
  } finally {
    await chat.stop()
    await store.close()
  }
  return 0
}

/** Whoever sits at the terminal may do everything. */
const atTerminal = {
  account: 'terminal',
  name: 'terminal',
  role: 'admin',
  organization: null,
} as const

/** A replay follows its own case alone; old blocks are read again at once, whatever its pace. */
function followerOf(again: ChainReader, closed: AbortController): Follower {
  return {
    readerOf: () => again,
    chains: () => [],
    start: () => undefined,
    stop: async () => closed.abort(),
  }
}

function findRecording(caseId: string): { theft: Case; recording: URL; chain: Chain } {
  const theft = cases.find(({ id }) => id === caseId.toLowerCase())
  const known = cases.filter(({ recording }) => recording).map(({ id }) => id)
  if (!theft) throw new CaseNotFoundError({ caseId, known })
  const { recording } = theft
  const chain = chains.find(({ id }) => id === theft.chain)
  if (recording && chain) return { theft, recording, chain }
  throw new UserError(`The case "${theft.id}" has no recording to replay.`, {
    hint: `Recorded cases: ${known.join(', ')}.`,
  })
}

function welcome(theft: Case, transactions: number): Message {
  return {
    title: ['Replaying ', { strong: theft.name }],
    severity: 'info',
    sections: [
      {
        type: 'text',
        text: [
          `${transactions} recorded transactions go through the trace loop. Ask at any time: `,
          { code: '/posse status' },
          ', ',
          { code: '/posse trail' },
          ', ',
          { code: `/posse lookup ${theft.sources[0]?.address ?? ''}` },
          ', ',
          { code: '/posse help' },
          '.',
        ],
      },
    ],
  }
}
