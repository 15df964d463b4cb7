import type { Context } from '#src/context.ts'
import type { Address } from '#types/chain.ts'
import type { Message, Section, Text } from '#types/message.ts'
import type { FeedRow } from '#types/standing.ts'
import { showAddress } from '#utils/parseAddress.ts'
import { diffFeed } from './diffFeed.ts'

/** Rows of each kind that a person reads. */
const maxRows = 20

/** Addresses looked up at once. */
const batch = 500

/** What is new in a feed, for the person who decides: what lies on a trail comes first. */
export async function reviewFeed(
  context: Context,
  name: string,
  { before, after }: { before: readonly FeedRow[]; after: readonly FeedRow[] },
): Promise<Message> {
  const diff = diffFeed(before, after)
  const changed = diff.changed.map((each) => each.after)
  const touched = [...diff.added, ...diff.removed, ...changed]
  const onTrail = await findOnTrail(
    context,
    touched.map(({ address }) => address),
  )
  const isShrunk = after.length * 2 < before.length
  const counts = `${diff.added.length} new, ${diff.removed.length} gone, ${changed.length} renamed`
  return {
    title: `The feed ${name} has news: ${counts}`,
    severity: isShrunk || onTrail.size > 0 ? 'amber' : 'info',
    sections: [
      ...(isShrunk
        ? [
            {
              type: 'text' as const,
              text: 'It has lost more than half of what it held: ask why before you accept it.',
            },
          ]
        : []),
      ...tableOf('new', diff.added, onTrail),
      ...tableOf('gone', diff.removed, onTrail),
      ...tableOf('renamed', changed, onTrail),
      {
        type: 'text',
        text: [
          'Nothing of it counts before a lead says so: ',
          { code: `/posse labels accept ${name}` },
          ' or ',
          { code: `/posse labels reject ${name}` },
        ],
      },
    ],
  }
}

/** Cases whose trail holds them, by address. */
async function findOnTrail(
  { cases, store }: Context,
  addresses: readonly Address[],
): Promise<Map<Address, string[]>> {
  const found = new Map<Address, string[]>()
  for (const caseId of cases.keys()) {
    for (let at = 0; at < addresses.length; at += batch) {
      for (const { accounts } of await store.readAccounts(
        caseId,
        addresses.slice(at, at + batch),
      )) {
        for (const { address } of accounts) {
          const known = found.get(address) ?? []
          if (!known.includes(caseId)) found.set(address, [...known, caseId])
        }
      }
    }
  }
  return found
}

function tableOf(
  what: string,
  rows: readonly FeedRow[],
  onTrail: ReadonlyMap<Address, readonly string[]>,
): Section[] {
  if (rows.length === 0) return []
  const sorted = [...rows].sort(
    (a, b) => Number(onTrail.has(b.address)) - Number(onTrail.has(a.address)),
  )
  const more = sorted.length - maxRows
  return [
    {
      type: 'table',
      columns: [{ name: what }, { name: 'name' }, { name: 'kind' }, { name: 'on the trail of' }],
      rows: sorted
        .slice(0, maxRows)
        .map(({ address, name, kind }): Text[] => [
          { code: showAddress(address) },
          name,
          kind,
          onTrail.get(address)?.join(', ') ?? '',
        ]),
    },
    ...(more > 0 ? [{ type: 'text' as const, text: `and ${more} more.` }] : []),
  ]
}
