import { probeBitcoinProvider } from '#adapters/chain/bitcoin/probeBitcoinProvider.ts'
import { probeEvmProvider } from '#adapters/chain/evm/probeEvmProvider.ts'
import { readRecording } from '#adapters/chain/recorded/readRecording.ts'
import { ronin } from '#config/cases/ronin/index.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { type LiveChain, readSettings, type Settings } from '#config/settings.ts'
import { quote } from '#errors/quote.ts'
import { countOf } from '#utils/countOf.ts'
import { createHider } from './createHider.ts'
import {
  type Check,
  checkLimitMs,
  exitCodeOf,
  failedCheck,
  renderChecks,
  withLimit,
} from './doctor/check.ts'
import { checkChats } from './doctor/checkChats.ts'
import { checkDatabase } from './doctor/checkDatabase.ts'
import { checkLabels } from './doctor/checkLabels.ts'
import { checkMachine } from './doctor/checkMachine.ts'
import { judgeCase } from './doctor/judgeCase.ts'
import { judgeClock, judgeNodes, type Probe } from './doctor/judgeNodes.ts'
import { probeSocket } from './doctor/probeSocket.ts'
import { readEnvironment } from './readEnvironment.ts'

export type DoctorOptions = {
  /** A file; `null` checks what a replay needs. */
  settings: string | null
  env?: NodeJS.ProcessEnv
  /** Unix seconds. */
  now?: () => number
  write?: (text: string) => unknown
  limitMs?: number
}

/** One call of a node gives up sooner than its check does, so that the check can tell what it has. */
const callPart = 0.4

/**
 * Checks what Posse needs to run and prints one line a check. Answers the exit code: 0 where nothing failed, 75 where
 * all that failed may be gone a little later, else 1.
 */
export async function runDoctor({
  settings: file,
  env = process.env,
  now = () => Math.floor(Date.now() / 1000),
  write = (text) => process.stdout.write(text),
  limitMs = checkLimitMs,
}: DoctorOptions): Promise<number> {
  const platform = `${process.platform} ${process.arch}`
  const checks = [checkMachine({ version: process.version, platform }), checkEnvironment()]
  const { check, settings } = checkSettings(file, env)
  checks.push(check)
  const live = settings ? await checkLive(settings, { now, limitMs }) : []
  const recording = file === null ? [await checkRecording()] : []
  const labels = await checkLabels(new Date(now() * 1000))
  const chats = await checkChats(settings ?? { slack: null, discord: null }, { limitMs })
  checks.push(...live, ...recording, labels, ...chats)
  // Nothing of what is printed should hold a secret; this makes sure.
  const hide = createHider(settings?.secrets ?? [])
  write(hide(renderChecks(checks)))
  return exitCodeOf(checks)
}

function checkEnvironment(): Check {
  const about = 'Environment'
  try {
    return { about, state: 'ok', text: `LOG_LEVEL is ${quote(readEnvironment().LOG_LEVEL)}` }
  } catch (error) {
    return failedCheck(about, error)
  }
}

function checkSettings(
  file: string | null,
  env: NodeJS.ProcessEnv,
): { check: Check; settings?: Settings } {
  if (file === null) {
    const text =
      'none, and a replay needs none; to follow live cases copy posse.config.example.json to posse.config.json and fill it in'
    return { check: { about: 'Settings', state: 'ok', text } }
  }
  const about = `Settings ${quote(file)}`
  try {
    const settings = readSettings(file, env)
    const { chains, cases } = settings
    const text = `${countOf(chains.length, 'chain')}, ${countOf(cases.length, 'case')}`
    return { check: { about, state: 'ok', text }, settings }
  } catch (error) {
    return { check: failedCheck(about, error) }
  }
}

type Limits = { now: () => number; limitMs: number }

/** Nodes first and all at once; then the database, which keeps this process busy and would spoil their times. */
async function checkLive(settings: Settings, { now, limitMs }: Limits): Promise<Check[]> {
  const asked = await Promise.all(
    settings.chains.map(async (live) => {
      const [probes, socket] = await Promise.all([
        Promise.all(live.providers.map((provider) => probeNode(live, provider, limitMs))),
        checkSocket(live, limitMs),
      ])
      const checks = [...judgeNodes(live, { probes, now: now() }), ...socket]
      return { chain: live.chain, probes, checks }
    }),
  )
  const clock = judgeClock(
    asked.flatMap(({ probes }) => probes),
    now(),
  )
  const caseIds = settings.cases.map(({ id }) => id)
  const database = await checkDatabase(settings.database, caseIds)
  const cases = settings.cases.flatMap((theft) => {
    const found = asked.find(({ chain }) => chain.id === theft.chain)
    if (!found) return []
    const { chain, probes } = found
    const progress = database.progress.get(theft.id)
    return judgeCase(theft, { chain, probes, progress, now: now() })
  })
  return [...asked.flatMap(({ checks }) => checks), clock, ...database.checks, ...cases]
}

function probeNode(
  { chain }: LiveChain,
  { url, api = 'core' }: LiveChain['providers'][number],
  limitMs: number,
): Promise<Probe> {
  const timeoutMs = limitMs * callPart
  const probe = chain.coins
    ? probeBitcoinProvider({ url, api }, { timeoutMs })
    : probeEvmProvider(url, { timeoutMs })
  return withLimit(probe, { limitMs, late: null })
}

async function checkSocket({ chain, websocket }: LiveChain, limitMs: number): Promise<Check[]> {
  if (websocket === undefined) return []
  const host = URL.parse(websocket)?.host ?? ''
  const about = `${chain.name} WebSocket (${host})`
  const probe = await probeSocket(websocket, { limitMs: limitMs / 2 })
  if ('fault' in probe) {
    const advice = 'heads are polled for meanwhile, so correct it, or leave it out'
    return [{ about, state: 'warn', text: probe.fault, advice }]
  }
  if (probe.chain !== chain.id) {
    const text = `it belongs to the chain ${quote(probe.chain)} and is not used`
    const advice = `correct its URL: it is listed for ${quote(chain.id)}`
    return [{ about, state: 'fail', text, advice }]
  }
  return [{ about, state: 'ok', text: 'it opens and takes a subscription to heads' }]
}

async function checkRecording(): Promise<Check> {
  const about = `Recording of the case ${ronin.id}`
  try {
    const files = ronin.recording ? [ronin.recording] : []
    const rows = await readRecording(files, { native: ethereum.native })
    return { about, state: 'ok', text: countOf(rows.length, 'transaction') }
  } catch (error) {
    return failedCheck(about, error)
  }
}
