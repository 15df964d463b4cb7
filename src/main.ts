import { existsSync } from 'node:fs'
import pino from 'pino'
import { createRecordedChain } from '#adapters/chain/recorded/createRecordedChain.ts'
import { readRecording } from '#adapters/chain/recorded/readRecording.ts'
import { createTerminalChat } from '#adapters/chat/terminal/createTerminalChat.ts'
import { readLabels } from '#adapters/labels/readLabels.ts'
import { commands } from '#commands/index.ts'
import { cases } from '#config/cases/index.ts'
import { chains } from '#config/chains/index.ts'
import { readEnv } from '#config/env.ts'
import { labelLists } from '#config/labels/index.ts'
import { rules } from '#config/rules.ts'
import { CaseNotFoundError } from '#errors/input.ts'
import { UserError } from '#errors/userError.ts'
import { openCase } from '#src/case/openCase.ts'
import { rulesOf } from '#src/case/rulesOf.ts'
import type { Case } from '#types/case.ts'
import type { Chat } from '#types/chat.ts'
import type { Label } from '#types/label.ts'
import type { Message } from '#types/message.ts'
import { indexLabels } from '#utils/indexLabels.ts'
import type { Context } from './context.ts'
import { runChain, tellRest } from './runChain.ts'
import { runCommand } from './runCommand.ts'

/**
 * Replays a recorded theft in this terminal: alerts as the money moves, commands at the prompt. With a terminal it
 * stays at the prompt after the end, without one it ends with the summary. Answers the exit code.
 * @throws UserError
 */
export async function runReplay({
  caseId,
  speed,
}: {
  caseId: string
  speed: number | 'max'
}): Promise<number> {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const env = readEnv(process.env)
  const { theft, recording } = findRecording(caseId)
  const stop = new AbortController()
  const clock = { now: theft.stolenAt }
  const left = new Promise<void>((resolve) =>
    stop.signal.addEventListener('abort', () => resolve()),
  )
  const chat = createTerminalChat({
    complete: (line) => completions(context, line),
    onExit: () => stop.abort(),
  })
  const context = await createContext({
    chats: [chat],
    logLevel: env.LOG_LEVEL,
    now: () => clock.now,
  })
  const chain = context.chains.get(theft.chain)
  if (!chain) throw new RangeError('A case that ships is on a chain that ships.')
  const rows = await readRecording([recording], { native: chain.native })
  const reader = createRecordedChain(rows, {
    chain: chain.id,
    speed,
    onTime: (seconds) => {
      clock.now = seconds
    },
  })
  process.once('SIGTERM', () => stop.abort())
  process.once('SIGINT', () => stop.abort())
  chat.listen((call) => runCommand(context, commands, call))
  await chat.post(welcome(theft, rows.length))
  await runChain(context, reader, { after: -1, signal: stop.signal, caseIds: [theft.id] })
  await tellRest(context)
  await chat.post({ title: 'The replay has ended.', severity: 'info', sections: [] })
  await chat.post(await runCommand(context, commands, { text: `status ${theft.id}`, user: nobody }))
  if (process.stdin.isTTY && process.stdout.isTTY) await left
  await chat.stop()
  return 0
}

const nobody = { id: 'posse', name: 'Posse' }

/** Everything that a unit is handed, from what ships in `config`. */
async function createContext(options: {
  chats: Chat[]
  logLevel: string
  now: () => number
}): Promise<Context> {
  const labels = indexLabels(await readShippedLabels(new Date()))
  const { serviceOf } = rulesOf({ rules, labels })
  return {
    now: options.now,
    cases: new Map(cases.map((theft) => [theft.id, openCase(theft, { serviceOf })])),
    chains: new Map(chains.map((chain) => [chain.id, chain])),
    labels,
    rules,
    chats: options.chats,
    posted: new Map(),
    log: pino({ level: options.logLevel }, pino.destination(2)),
  }
}

/** Labels grow stale by the calendar of the person who reads them, also while an old theft replays. */
async function readShippedLabels(today: Date): Promise<Label[]> {
  const lists = await Promise.all(
    labelLists.map(({ file, date, staleAfterDays, ...list }) => {
      const days = (today.getTime() - Date.parse(date)) / 86_400_000
      return readLabels(file, { ...list, date, isStale: days > staleAfterDays })
    }),
  )
  return lists.flat()
}

function findRecording(caseId: string): { theft: Case; recording: URL } {
  const theft = cases.find(({ id }) => id === caseId.toLowerCase())
  const known = cases.filter(({ recording }) => recording).map(({ id }) => id)
  if (!theft) throw new CaseNotFoundError({ caseId, known })
  if (theft.recording) return { theft, recording: theft.recording }
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

/** What the line typed so far may become. */
function completions(context: Context, line: string): string[] {
  const [, prefix = '', typed = ''] = /^(\/?posse\s+|\/)?(.*)$/.exec(line) ?? []
  const words = typed.split(/\s+/)
  const last = words.pop() ?? ''
  const command = commands.find(({ name }) => name === words[0])
  const choices = command ? (command.complete?.(context) ?? []) : commands.map(({ name }) => name)
  const before = prefix + words.map((word) => `${word} `).join('')
  return choices.filter((choice) => choice.startsWith(last)).map((choice) => before + choice)
}
