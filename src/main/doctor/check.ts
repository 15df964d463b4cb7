import { UserError } from '#errors/userError.ts'
import { plainText } from '#utils/plainText.ts'

/** What one check found; all but `ok` says what to do. */
export type Check = {
  /** What was looked at. */
  about: string
  /** A sentence without its full stop, as is `advice`. */
  text: string
} & ({ state: 'ok' } | { state: 'warn' | 'fail'; advice: string; retryable?: boolean })

/** Exit code where every failure may be gone a little later (sysexits' EX_TEMPFAIL). */
const tryAgain = 75

/** Longest that a check may take, in milliseconds. */
export const checkLimitMs = 10_000

/** One line a check, and one that sums up. */
export function renderChecks(checks: readonly Check[]): string {
  const count = (state: Check['state']) => checks.filter((check) => check.state === state).length
  const sum = `${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} failed.`
  return [...checks.map(renderCheck), sum].map((line) => `${line}\n`).join('')
}

function renderCheck(check: Check): string {
  const { about, text, state } = check
  const advice = state === 'ok' ? '' : ` ${upperFirst(check.advice)}.`
  return plainText(`${state.padEnd(4)}  ${about}: ${text}.${advice}`)
}

/** 0 where nothing failed, 75 where all that failed may be gone a little later, else 1. */
export function exitCodeOf(checks: readonly Check[]): number {
  const failures = checks.filter((check) => check.state === 'fail')
  if (failures.length === 0) return 0
  return failures.every((check) => 'retryable' in check && check.retryable) ? tryAgain : 1
}

/** What an error says, in the form of a check. Of errors of ours the type alone is told: their text may hold anything. */
export function failedCheck(about: string, error: unknown): Check {
  if (!(error instanceof UserError)) {
    const type = error instanceof Error ? error.name : typeof error
    const advice = 'this is a fault of Posse, please report it'
    return { about, state: 'fail', text: `the check broke with a ${type}`, advice }
  }
  const { message, hint, retryable } = error
  const advice = withoutStop(hint ?? 'correct it and run the check again')
  return { about, state: 'fail', text: withoutStop(message), advice, retryable }
}

/** What `task` finds, or `late` where it takes too long. */
export async function withLimit<Found, Late>(
  task: Promise<Found>,
  { limitMs, late }: { limitMs: number; late: Late },
): Promise<Found | Late> {
  const { promise, resolve } = Promise.withResolvers<Late>()
  const timer = setTimeout(() => resolve(late), limitMs)
  try {
    return await Promise.race([task, promise])
  } finally {
    clearTimeout(timer)
  }
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '')
}

function upperFirst(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
