import type { Context } from '#src/context.ts'
import { tellChannels } from '#src/tellChannels.ts'
import type { LedgerPage, Message, Text } from '#types/message.ts'
import type { Delivery } from '#types/store.ts'
import type { Hop } from '#types/trail.ts'
import { formatAmount } from '#utils/formatAmount.ts'
import { showAddress } from '#utils/parseAddress.ts'

/** Hops of a page: with full addresses within the 12,000 characters of a message of Slack. */
const pageHops = 40

/** Pages under the card of a path, and under one of many paths, whose hops stand under their own cards too. */
const maxPages = 50
const maxPagesOfMany = 5

/** A page of the hops behind a card. Where it is full, the next one is told too. */
export async function readLedger(
  context: Context,
  { delivery, ledger }: { delivery: Delivery; ledger: LedgerPage },
): Promise<Message> {
  const { page } = ledger
  const first = (page - 1) * pageHops
  const hops = await readHops(context, ledger, first + pageHops + 1)
  const shown = hops.slice(first, first + pageHops)
  const isFull = hops.length > first + pageHops
  const last = ledger.path === null ? maxPagesOfMany : maxPages
  if (isFull && page < last) await tellNext(context, delivery, ledger)
  const more = 'There are more than are listed here: look up one of the addresses to go on.'
  return {
    title: `Hops ${first + 1} to ${first + shown.length} behind this card`,
    sections: [
      {
        type: 'table',
        columns: [
          { name: 'when' },
          { name: 'stolen', align: 'right' },
          { name: 'from' },
          { name: 'to' },
        ],
        rows: shown.map((hop) => rowOf(context, hop)),
      },
      ...(isFull && page === last ? [{ type: 'text' as const, text: more }] : []),
    ],
  }
}

/** Hops of the path, or of the whole case where the card is of many, in the blocks that the card is about. */
async function readHops(
  { store }: Context,
  { caseId, path, since, until }: LedgerPage,
  limit: number,
): Promise<Hop[]> {
  const found: Hop[] = []
  for await (const hops of store.scanHops(caseId, { since, until: until + 1 })) {
    found.push(...hops.filter((hop) => path === null || hop.path === path))
    if (found.length >= limit) break
  }
  return found
}

function rowOf({ cases }: Context, { caseId, asset, stolen, time, from, to }: Hop): Text[] {
  const known = cases.get(caseId)?.case.assets.find(({ id }) => id === asset)
  const amount = known ? formatAmount(stolen[0] ?? 0n, known) : String(stolen[0] ?? 0n)
  return [{ time }, amount, { code: showAddress(from) }, { code: showAddress(to) }]
}

async function tellNext(
  context: Context,
  { alert, revision, channel, parent, topic, message }: Delivery,
  ledger: LedgerPage,
): Promise<void> {
  const page = ledger.page + 1
  await tellChannels(context, {
    id: alert.replace(/\d+$/, String(page)),
    revision,
    message: { ...message, ledger: { ...ledger, page } },
    topic,
    channels: [channel],
    ...(parent !== null && { parent }),
  })
}
