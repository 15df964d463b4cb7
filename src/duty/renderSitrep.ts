import { describeBooks } from '#src/case/describeBooks.ts'
import { heldIn, presentAt, returnedIn } from '#src/freeze/stateOf.ts'
import type { Freeze } from '#types/freeze.ts'
import type { Message, Text } from '#types/message.ts'
import { posts } from '#types/standing.ts'
import { formatAmount } from '#utils/formatAmount.ts'
import type { Sitrep } from './collectSitrep.ts'

/** Ids that a line lists. */
const maxListed = 8

type Field = { name: string; value: Text }

/** Conditions, actions and needs of a case on one card: pure. */
export function renderSitrep(sitrep: Sitrep): Message {
  const { open } = sitrep
  const needs = needsOf(sitrep)
  return {
    title: [{ strong: open.case.name }, ': how it stands'],
    severity: needs.length > 0 ? 'amber' : 'info',
    sections: [
      { type: 'text', text: { strong: 'Conditions' } },
      ...describeBooks(open),
      ...(open.head
        ? [
            {
              type: 'fields' as const,
              fields: [
                { name: 'As of', value: [`block ${open.head.number}, `, { time: open.head.time }] },
                ...(sitrep.lack ? [{ name: 'Lacks', value: sitrep.lack }] : []),
              ],
            },
          ]
        : []),
      { type: 'text', text: { strong: 'Actions' } },
      { type: 'fields', fields: actionsOf(sitrep) },
      { type: 'text', text: { strong: 'Needs' } },
      needs.length > 0
        ? { type: 'fields', fields: needs }
        : { type: 'text', text: 'Nothing waits for anybody.' },
    ],
  }
}

function actionsOf({ posts: held, freezes, attended, open }: Sitrep): Field[] {
  const sum = (amountOf: (freeze: Freeze) => bigint): string =>
    open.case.assets
      .filter(({ id }) => open.trail.ledgers.has(id))
      .map((asset) => {
        const own = freezes.filter((freeze) => freeze.asset === asset.id)
        return formatAmount(
          own.reduce((total, freeze) => total + amountOf(freeze), 0n),
          asset,
        )
      })
      .join(', ')
  return [
    ...posts.flatMap((post) => {
      const holder = held.find((each) => each.post === post)
      return holder
        ? [{ name: post, value: [holder.name, ', since ', { time: holder.since }] }]
        : []
    }),
    { name: 'Held', value: sum(heldIn) },
    { name: 'Returned', value: sum(returnedIn) },
    ...(attended.length > 0
      ? [
          {
            name: 'Looked after',
            value: listed(attended.map(({ handle, name }) => `${handle} by ${name}`)),
          },
        ]
      : []),
  ]
}

function needsOf({ drafts, waiting, unattended, disputes, isRetraced, posts: held, open }: Sitrep) {
  const asset = (freeze: Freeze) => open.case.assets.find(({ id }) => id === freeze.asset)
  const ask = (freeze: Freeze): string => {
    const known = asset(freeze)
    const amount = known ? `${formatAmount(presentAt(freeze), known)}, ` : ''
    return `${freeze.id} (${amount}${freeze.organization})`
  }
  const fields: (Field & { isNeeded: boolean })[] = [
    { name: 'To approve', value: listed(drafts.map(ask)), isNeeded: drafts.length > 0 },
    { name: 'To be answered', value: listed(waiting.map(ask)), isNeeded: waiting.length > 0 },
    { name: 'Nobody looks after', value: listed(unattended), isNeeded: unattended.length > 0 },
    { name: 'To decide', value: listed(disputes), isNeeded: disputes.length > 0 },
    {
      name: 'Incomplete',
      value: 'it is worked out again since a decision',
      isNeeded: isRetraced,
    },
    {
      name: 'Without a lead',
      value: ['take it with ', { code: `/posse post take lead ${open.case.id}` }],
      isNeeded: !held.some(({ post }) => post === 'lead'),
    },
  ]
  return fields.filter(({ isNeeded }) => isNeeded).map(({ name, value }) => ({ name, value }))
}

function listed(words: readonly string[]): string {
  const rest = words.length - maxListed
  return `${words.slice(0, maxListed).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
