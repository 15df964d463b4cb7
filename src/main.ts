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
import type { Chain } from '#types/chain.ts'
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
  readEnvFile('.env')
  const env = readEnv(process.env)
  const { theft, recording, chain } = findRecording(caseId)
  const rows = await readRecording([recording], { native: chain.native })
  const labels = indexLabels(await readShippedLabels(new Date()))
  const stop = new AbortController()
  const left = new Promise<void>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve())
  })
  process.once('SIGTERM', () => stop.abort())
  process.once('SIGINT', () => stop.abort())
  const clock = { now: theft.stolenAt }
  // Opened when all else has been read: an error before that must not leave a prompt behind.
  const chat = createTerminalChat({
    complete: (line) => completions(context, line),
    onExit: () => stop.abort(),
  })
  const context = createContext({
    chats: [chat],
    labels,
    logLevel: env.LOG_LEVEL,
    now: () => clock.now,
  })
  const onTime = (seconds: number) => {
    clock.now = seconds
  }
  const reader = createRecordedChain(rows, {
    chain: chain.id,
    speed,
    onTime,
    signal: stop.signal,
  })
  try {
    chat.listen((call) => runCommand(context, commands, call))
    await chat.post(welcome(theft, rows.length))
    await runChain(context, reader, { after: -1, signal: stop.signal, caseIds: [theft.id] })
    await tellRest(context)
    const end = stop.signal.aborted ? 'The replay was stopped.' : 'The replay has ended.'
    await chat.post({ title: end, severity: 'info', sections: [] })
    const summary = { text: `status ${theft.id}`, user: nobody }
    await chat.post(await runCommand(context, commands, summary))
    if (process.stdin.isTTY && process.stdout.isTTY) await left
  } finally {
    await chat.stop()
  }
  return 0
}

/** Takes settings from a file beside the program, if there is one. */
function readEnvFile(file: string): void {
  if (!existsSync(file)) return
  try {
    process.loadEnvFile(file)
  } catch (cause) {
    throw new UserError(`The file "${file}" cannot be read as settings.`, {
      hint: 'It must be a text file of NAME=value lines that you may read.',
      cause,
    })
  }
}

const nobody = { id: 'posse', name: 'Posse' }

/** Everything that a unit is handed, from what ships in `config`. */
function createContext({
  chats,
  labels,
  logLevel,
  now,
}: Pick<Context, 'chats' | 'labels' | 'now'> & { logLevel: string }): Context {
  const { serviceOf } = rulesOf({ rules, labels })
  return {
    now,
    cases: new Map(cases.map((theft) => [theft.id, openCase(theft, { serviceOf })])),
    chains: new Map(chains.map((chain) => [chain.id, chain])),
    labels,
    rules,
    chats,
    posted: new Map(),
    log: pino({ level: logLevel }, pino.destination(2)),
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
