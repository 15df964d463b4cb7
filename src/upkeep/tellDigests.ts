import { countHops, noHops } from '#alert/countHops.ts'
import { type DigestFacts, renderDigest } from '#alert/renderDigest.ts'
import { tallyGroups } from '#alert/tallyGroups.ts'
import { lackOf } from '#src/case/contracts.ts'
import { openCases } from '#src/case/openCases.ts'
import { channelsOf } from '#src/channel/channelsOf.ts'
import { settingsOf } from '#src/channel/settingsOf.ts'
import type { Context } from '#src/context.ts'
import { labelsFor } from '#src/sharing/labelsFor.ts'
import { tellChannels } from '#src/tellChannels.ts'
import type { AlertGroup } from '#types/alert.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { DigestRhythm } from '#types/standing.ts'
import { findDormant } from './findDormant.ts'

const seconds = { hourly: 3_600, daily: 86_400 } as const

/** Alerts of a case that are looked through for those of the span. */
const maxAlerts = 100_000

/**
 * Tells what happened in each open case since the last digest of this rhythm, in the channels that want it so. An hour
 * in which nothing happened is not told.
 */
export async function tellDigests(
  context: Context,
  rhythm: Exclude<DigestRhythm, 'off'>,
): Promise<void> {
  // Whole hours and days, so that none is told twice and nothing falls between two.
  const length = seconds[rhythm]
  const until = Math.floor(context.now() / length) * length
  const span = { since: until - length, until }
  for (const open of openCases(context)) {
    const { id, chain } = open.case
    const channels = channelsOf(context, { cases: [id], topic: 'digest' }).filter(
      (channel) => settingsOf(context, channel).digest === rhythm,
    )
    if (channels.length === 0) continue
    const facts = await collectDigest(context, open, span)
    if (rhythm === 'hourly' && isQuiet(facts)) continue
    await tellChannels(context, {
      id: `${id}:${chain}:digest:${rhythm}:${span.since}`,
      message: renderDigest(facts),
      topic: 'digest',
      channels,
    })
  }
}

/** What a digest of this span tells; the hops of it are counted one by one. */
export async function collectDigest(
  context: Context,
  open: OpenCase,
  span: { since: number; until: number },
): Promise<DigestFacts> {
  const { store, chains, rules, standing } = context
  const chain = chains.get(open.case.chain)
  if (!chain) throw new RangeError(`The case "${open.case.id}" is on an unknown chain.`)
  let hops = noHops
  for await (const page of store.scanHops(open.case.id, span)) hops = countHops(hops, page)
  const told = (await store.findAlerts({ caseId: open.case.id }, { limit: maxAlerts })).flatMap(
    (alert) => {
      const group = alert.tellings.at(-1)?.group
      return group && isIn(span, group) ? [{ alert, group }] : []
    },
  )
  const silenced = told.filter(
    ({ alert }) => alert.silencedBy.length > 0 && alert.channels.length === 0,
  )
  const ends = silenced.flatMap(({ alert }) =>
    alert.silencedBy.flatMap((id) => standing.silence.get(id)?.until ?? []),
  )
  return {
    case: open.case,
    chain,
    labels: labelsFor(context, open.case.id),
    span,
    hops,
    alerts: {
      ...tallyGroups(told.filter((each) => !silenced.includes(each)).map(({ group }) => group)),
      silenced: silenced.length,
      silencedUntil: ends.length > 0 ? Math.max(...ends) : null,
    },
    lack: lackOf(context, open),
    dormant: await findDormant(context, open, { span, days: rules.dormantDays }),
  }
}

function isIn({ since, until }: { since: number; until: number }, { head }: AlertGroup): boolean {
  return head.time >= since && head.time < until
}

function isQuiet({ hops, alerts, dormant }: DigestFacts): boolean {
  return hops.hops === 0 && alerts.told === 0 && alerts.silenced === 0 && dormant.length === 0
}
