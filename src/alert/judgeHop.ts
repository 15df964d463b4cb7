import type { AlertKind } from '#types/alert.ts'
import type { HouseRules } from '#types/houseRules.ts'
import type { Severity } from '#types/message.ts'
import type { Hop, Stop, Trail, TrailChange } from '#types/trail.ts'
import { formatShare } from '#utils/formatShare.ts'
import { formatDuration } from '#utils/formatTime.ts'
import { wholeOf } from '#utils/wholeOf.ts'
import { accountIn } from './accountIn.ts'
import { worstOf } from './worstOf.ts'

/** How severe an alert is and why, the weightiest reason first. */
export type Verdict = { severity: Severity; reasons: string[] }

/**
 * Judges a hop: red is where money is about to be out of reach or more is known than before, amber what is large,
 * unusual or fast. What is dust by every policy stays info, however often it comes.
 */
export function judgeHop(
  trail: Trail,
  hop: Hop,
  {
    kind,
    change,
    rules,
    otherCases,
  }: { kind: AlertKind; change: TrailChange; rules: HouseRules; otherCases: readonly string[] },
): Verdict {
  if (kind === 'returned') return { severity: 'info', reasons: [arrivals.victim] }
  // A swap is measured by what was given: how much of the other asset there is to come nobody knows.
  const { asset, stolen } = hop.swapped ?? hop
  const theft = wholeOf(trail.ledgers.get(asset))
  const most = worstOf(stolen)
  const isDust = most * 1_000_000n < theft * rules.dustPerMillion
  // An address is met only once it got more than dust, be it in slices that are dust each.
  if (isDust && kind !== 'met') return { severity: 'info', reasons: [] }
  const red: string[] = []
  const amber: string[] = []
  if (kind === 'met') red.push(`an address of another case: ${otherCases.join(', ')}`)
  if (kind === 'woke') red.push(`woke up after ${formatDuration(hop.idleSeconds)} of rest`)
  if (kind === 'reached' && hop.stop !== null) {
    const reasons = hop.stop === 'busy' ? amber : red
    reasons.push(arrivals[hop.stop])
  }
  if (hop.arrived?.isBack) amber.push(`${hop.arrived.bridge} gave it back`)
  else if (hop.arrived) {
    const whence = hop.arrived.chain === hop.chain ? '' : ', from another chain'
    red.push(`came out of ${hop.arrived.bridge}${whence}`)
  }
  // What comes first in a part of a case is all there is of it.
  if (theft > 0n && most * 1_000_000n >= theft * rules.largePerMillion) {
    amber.push(`large: ${formatShare(most, theft)} of the theft`)
    if (kind === 'merged') amber.push('joins money that came another way')
  }
  if (hop.crossing?.isClaimed) {
    amber.push(`its memo is one of ${hop.crossing.bridge}: judge whether this is its vault`)
  }
  if (isFast(trail, hop, { change, rules })) amber.push(describeHaste(hop))
  const severity = red.length > 0 ? 'red' : amber.length > 0 ? 'amber' : 'info'
  return { severity, reasons: [...red, ...amber] }
}

/** What it means that stolen money arrived there. */
const arrivals: Record<Stop, string> = {
  exchange: 'reached an exchange',
  mixer: 'reached a mixer',
  bridge: 'reached a bridge to another chain',
  dex: 'reached a DEX, where it can be swapped',
  issuer: 'reached the issuer of a token',
  service: 'reached a service that keeps money of many',
  victim: 'good news: it went back to the victim',
  burn: 'burned: nobody can pay it out again',
  busy: 'reached a busy address without a label',
}

/** A source has rested since the theft began, which says nothing. */
function isFast(
  trail: Trail,
  { asset, from, idleSeconds, arrived }: Hop,
  { change, rules }: { change: TrailChange; rules: HouseRules },
): boolean {
  if (arrived || idleSeconds > rules.fastSeconds) return false
  return accountIn(trail, { change, asset, address: from })?.firstPayer !== null
}

function describeHaste({ idleSeconds }: Hop): string {
  return idleSeconds === 0
    ? 'passed on in the same block as the last movement there'
    : `passed on ${formatDuration(idleSeconds)} after the last movement there`
}
