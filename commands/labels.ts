import { z } from 'zod'
import { FeedNotFoundError, NothingProposedError } from '#errors/feed.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { changedAddresses } from '#src/feed/changedAddresses.ts'
import { diffFeed } from '#src/feed/diffFeed.ts'
import { reviewFeed } from '#src/feed/reviewFeed.ts'
import { findRetraces } from '#src/flag/findRetraces.ts'
import type { Text } from '#types/message.ts'
import type { Feed } from '#types/standing.ts'

const feed = z
  .string()
  .meta({ description: 'The feed, by its name in the settings.', complete: 'feed' })

const list = defineCommand({
  name: 'labels list',
  description: 'Lists the feeds of labels, how old they are and what waits for a review.',
  role: 'viewer',
  options: z.object({}),
  example: '/posse labels list',
  run(context) {
    const { feeds } = context.house
    return {
      title: feeds.length === 0 ? 'No feed of labels is set' : `${feeds.length} feeds of labels`,
      sections: [
        {
          type: 'table',
          columns: [{ name: 'feed' }, { name: 'source' }, { name: 'in force' }, { name: 'waits' }],
          rows: feeds.map(({ name, source }) =>
            rowOf(name, source, context.standing.feed.get(name)),
          ),
        },
      ],
    }
  },
})

const review = defineCommand({
  name: 'labels review',
  description: 'Shows what is new in a feed before it counts.',
  role: 'viewer',
  options: z.object({ feed }),
  example: '/posse labels review ofac',
  async run(context, { feed: name }) {
    const { accepted, proposed } = findProposal(context, name)
    const rows = { before: accepted?.rows ?? [], after: proposed.rows }
    return await reviewFeed(context, name, rows)
  },
})

const accept = defineCommand({
  name: 'labels accept',
  description:
    'Puts what is new in a feed in force; cases whose trail it changes are worked out again.',
  role: 'lead',
  answersIn: 'channel',
  options: z.object({ feed }),
  example: '/posse labels accept ofac',
  async run(context, { feed: name }, call) {
    const { name: by } = memberOf(call)
    const retraced = await decide(context, async () => {
      const { accepted, proposed } = findProposal(context, name)
      const diff = diffFeed(accepted?.rows ?? [], proposed.rows)
      const value: Feed = { name, accepted: proposed, proposed: null }
      const addresses = changedAddresses(context, { diff, value })
      const causes = [`${by} accepted the feed ${name}`]
      const retraces =
        addresses.length > 0 ? await findRetraces(context, { addresses, causes }) : []
      return {
        standing: [{ kind: 'feed', key: name, value }, ...retraces],
        result: retraces.map(({ key }) => key).filter((caseId) => context.cases.has(caseId)),
      }
    })
    const cases =
      retraced.length > 0 ? `${retraced.join(', ')}: worked out again` : 'none changes by it'
    return {
      title: `The feed ${name} is in force`,
      visibility: 'channel',
      sections: [{ type: 'fields', fields: [{ name: 'Cases', value: cases }] }],
    }
  },
})

const reject = defineCommand({
  name: 'labels reject',
  description: 'Drops what is new in a feed; what was in force stays.',
  role: 'lead',
  answersIn: 'channel',
  options: z.object({ feed }),
  example: '/posse labels reject ofac',
  async run(context, { feed: name }) {
    await decide(context, () => {
      const { accepted } = findProposal(context, name)
      const value: Feed = { name, accepted, proposed: null }
      return { standing: [{ kind: 'feed', key: name, value }], result: undefined }
    })
    return {
      title: `What was new in the feed ${name} is dropped`,
      visibility: 'channel',
      sections: [],
    }
  },
})

export const labelCommands = [list, review, accept, reject]

function rowOf(name: string, source: string, found: Feed | undefined): Text[] {
  const { accepted = null, proposed = null } = found ?? {}
  const inForce: Text = accepted
    ? [`${accepted.rows.length} labels of `, { time: accepted.fetchedAt }]
    : 'nothing yet'
  const waits: Text = proposed
    ? [`${proposed.rows.length} labels of `, { time: proposed.fetchedAt }]
    : ''
  return [{ code: name }, source, inForce, waits]
}

function findProposal(
  { house, standing }: Context,
  name: string,
): Pick<Feed, 'accepted'> & { proposed: NonNullable<Feed['proposed']> } {
  const known = house.feeds.map((each) => each.name)
  if (!known.includes(name)) throw new FeedNotFoundError({ name, known })
  const found = standing.feed.get(name)
  if (!found?.proposed) throw new NothingProposedError({ name })
  return { accepted: found.accepted, proposed: found.proposed }
}
