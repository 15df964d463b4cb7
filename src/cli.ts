import { existsSync, readFileSync } from 'node:fs'
import { InvalidOptionError, MissingOptionError } from '#errors/input.ts'
import { quote } from '#errors/quote.ts'
import { UserError } from '#errors/userError.ts'
import { policyNames } from '#types/trail.ts'
import { asText, parseOptions } from './main/parseCliOptions.ts'
import { readEnvironment } from './main/readEnvironment.ts'
import { runAudit } from './main/runAudit.ts'
import { checkConfig, showConfig } from './main/runConfig.ts'
import { runDoctor } from './main/runDoctor.ts'
import { runLive } from './main/runLive.ts'
import { runMatch } from './main/runMatch.ts'
import { runOrg } from './main/runOrg.ts'
import { runReplay } from './main/runReplay.ts'
import { runTrace } from './main/runTrace.ts'
import { runVerify } from './main/runVerify.ts'
import { showInvite, showManifest } from './main/showApps.ts'

const usage = `Posse follows stolen funds and tells the people who can stop them.

  posse start [--config FILE]
      Follows the live cases of the settings FILE (default posse.config.json, see posse.config.example.json), with
      alerts and a prompt in this terminal. Without such a file it replays a recorded theft.
  posse start --case ID [--speed N|max] [--database FILE]
      Replays a recorded theft through the trace loop. With a database it goes on where it was stopped.
  posse config check|show [--config FILE]
      Says all that is wrong with the settings, or prints those in force without their secrets.
  posse doctor [--config FILE]
      Checks the machine, the settings, the nodes, the chats, the database and the labels, a line each.
  posse slack manifest [--url URL]
      Prints the manifest of the Slack app, and what each scope is for; with a public URL for HTTP.
  posse discord invite --application ID
      Prints the page that lets the bot into a server of Discord, and what each permission is for.
  posse org keygen FILE | posse org sign --key FILE TEXT
      Makes the key of an organization, or signs what /posse org verify shows.
  posse audit verify [--database FILE] [--head HASH]
      Checks that no line of the audit log was changed, moved or taken out since it was written, or since HASH was noted.
  posse verify PACKET --rpc URL [--key KEY] [--labels LABELS.csv]
      Works evidence out again from your own node: exit code 0 agrees, 1 differs, 2 cannot all be checked.
  posse match LOCAL_ADDRESSES.csv FEED [--key KEY]
      Finds your own addresses in those of a case, on your own machine: exit code 0 none, 3 some.
  posse trace FILE... --seed ADDRESS=AMOUNT [--seed ...] [--policy NAME] [--labels LABELS.csv] [--json]
      Traces stolen money through files with the columns of Etherscan's txlist (plain or .gz).
      AMOUNT is wei or has a unit (173600ETH); NAME is ${policyNames.join(', ')} (default fifo).
`

/** Where the settings of a live installation are looked for. */
const settingsFile = 'posse.config.json'

/** Exit code of an error that may be gone when the same is started again a little later (sysexits' EX_TEMPFAIL). */
const tryAgain = 75

/** The command line. Answers the exit code: 0 done or stopped, 1 needs a person, 2 cannot be checked, 3 found, 75 try again. */
export async function runCli(args: string[]): Promise<number> {
  try {
    const [command, ...rest] = args.includes('--help') ? ['help'] : args
    if (command === 'start') return await runStart(rest)
    if (command === 'config') return runConfig(rest)
    if (command === 'slack') return runSlack(rest)
    if (command === 'discord') return runDiscord(rest)
    if (command === 'audit') return await runAudit(rest, { settings: settingsFile })
    if (command === 'org') return runOrg(rest)
    if (command === 'match') return await runMatch(rest)
    if (command === 'verify') return await runVerify(rest)
    if (command === 'doctor') return await runDoctor({ settings: parseDoctor(rest) })
    if (command === 'trace') await runTrace(rest)
    else if (command === '--version') console.log(readVersion())
    else if (command === undefined || command === 'help' || command === '--help') console.log(usage)
    else {
      throw new UserError(`There is no command ${quote(command)}.`, { hint: 'Try posse help.' })
    }
    return 0
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    console.error(error.hint ? `${error.message} ${error.hint}` : error.message)
    return error.retryable ? tryAgain : 1
  }
}

function runConfig(args: string[]): number {
  readEnvironment()
  const { values, positionals } = parseOptions(args, { config: { type: 'string' } })
  const file = asText(values.config) ?? settingsFile
  const [what = '', extra] = positionals
  if (extra !== undefined || (what !== 'check' && what !== 'show')) {
    throw new InvalidOptionError({
      option: 'posse config',
      text: extra ?? what,
      reason: 'it is neither check nor show',
      hint: 'Usage: posse config check|show [--config FILE]',
    })
  }
  return what === 'check' ? checkConfig({ file }) : showConfig({ file })
}

function runSlack(args: string[]): number {
  const { values, positionals } = parseOptions(args, { url: { type: 'string' } })
  expectWord(positionals, { command: 'posse slack', word: 'manifest', usage: '[--url URL]' })
  const url = asText(values.url)
  return showManifest(url === undefined ? {} : { url })
}

function runDiscord(args: string[]): number {
  const { values, positionals } = parseOptions(args, { application: { type: 'string' } })
  const usage = '--application ID'
  expectWord(positionals, { command: 'posse discord', word: 'invite', usage })
  const applicationId = asText(values.application)
  if (applicationId === undefined) {
    throw new MissingOptionError({
      option: '--application',
      usage: `posse discord invite ${usage}`,
    })
  }
  return showInvite({ applicationId })
}

function expectWord(
  [given = '', extra]: string[],
  { command, word, usage }: { command: string; word: string; usage: string },
): void {
  if (given === word && extra === undefined) return
  throw new InvalidOptionError({
    option: command,
    text: extra ?? given,
    reason: `it is not ${word}`,
    hint: `Usage: ${command} ${word} ${usage}`,
  })
}

/** Follows live cases where there are settings for it, else replays. */
async function runStart(args: string[]): Promise<number> {
  const { settings, replay } = parseStart(args)
  if (settings !== null) return await runLive({ settings })
  return await runReplay(replay)
}

/** Options of `posse start` as typed; `settings` is `null` for a replay. */
function parseStart(args: string[]): {
  settings: string | null
  replay: Parameters<typeof runReplay>[0]
} {
  const { values, positionals } = parseOptions(args, {
    case: { type: 'string' },
    config: { type: 'string' },
    database: { type: 'string' },
    speed: { type: 'string' },
  })
  const [extra] = positionals
  if (extra !== undefined) {
    throw new InvalidOptionError({
      option: 'posse start',
      text: extra,
      reason: 'it takes options only',
      hint: 'Usage: posse start [--config FILE] or posse start --case ID [--speed N|max] [--database FILE]',
    })
  }
  const speed = asText(values.speed)
  const replay = {
    caseId: asText(values.case) ?? 'ronin',
    speed: speed === undefined ? 1 : parseSpeed(speed),
    database: asText(values.database) ?? ':memory:',
  }
  const config = asText(values.config)
  const isReplay = [values.case, values.speed, values.database].some((value) => value !== undefined)
  if (config !== undefined && isReplay) {
    throw new InvalidOptionError({
      option: '--config',
      text: config,
      reason: 'settings are for live cases and a replay needs none',
      hint: 'Leave out either --config or --case, --speed and --database.',
    })
  }
  if (isReplay) return { settings: null, replay }
  return { settings: config ?? (existsSync(settingsFile) ? settingsFile : null), replay }
}

/** The settings file of `posse doctor`; `null` where there is none. */
function parseDoctor(args: string[]): string | null {
  const { values, positionals } = parseOptions(args, { config: { type: 'string' } })
  const [extra] = positionals
  if (extra !== undefined) {
    throw new InvalidOptionError({
      option: 'posse doctor',
      text: extra,
      reason: 'it takes options only',
      hint: 'Usage: posse doctor [--config FILE]',
    })
  }
  return asText(values.config) ?? (existsSync(settingsFile) ? settingsFile : null)
}

function parseSpeed(text: string): number | 'max' {
  if (text === 'max') return 'max'
  const speed = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0
  if (speed >= 0.01 && Number.isFinite(speed)) return speed
  const reason = 'it is neither a number from 0.01 on nor max'
  const hint = '1 takes about two minutes, 2 half of that, max no time.'
  throw new InvalidOptionError({ option: '--speed', text, reason, hint })
}

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return `posse ${JSON.parse(text).version} on Node ${process.version}`
}
