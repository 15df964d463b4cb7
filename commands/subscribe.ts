import { z } from 'zod'
import { UnknownChainError } from '#errors/case.ts'
import { NotSubscribedError, UnknownTimeZoneError } from '#errors/channel.ts'
import { findCase } from '#src/case/findCase.ts'
import { settingsOf } from '#src/channel/settingsOf.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { bindingOf } from '#src/sharing/bindChannel.ts'
import { signedBy } from '#src/signedBy.ts'
import { tellChannels } from '#src/tellChannels.ts'
import type { Reply, Section, Text } from '#types/message.ts'
import { digestRhythms, type Subscription } from '#types/standing.ts'
import { topics } from '#types/topic.ts'
import { countOf } from '#utils/countOf.ts'
import { parseMin } from '#utils/parseMin.ts'
import { parsePage } from '#utils/parsePage.ts'
import { pickTopics } from '#utils/pickTopics.ts'
import { describeStatus } from './status.ts'

const caseOrAll = z
  .string()
  .meta({ description: 'The case, or * for all of them, also those to come.', complete: 'case' })

const subscribe = defineCommand({
  name: 'subscribe',
  description: 'Says what this channel wants to hear of a case; it replaces what it said before.',
  role: 'responder',
  answersIn: 'channel',
  options: z.object({
    case: caseOrAll,
    topics: z
      .array(z.string())
      .optional()
      .meta({
        description: `Of these alone: ${topics.join(', ')}; reached for all services; with a minus not these. All if left out.`,
        complete: 'topic',
      }),
    min: z
      .string()
      .transform(parseMin)
      .optional()
      .meta({ description: 'Nothing smaller, such as min:10ETH.', form: 'tag' }),
    page: z.string().optional().meta({
      description: 'A role or user group that red alerts call, such as page:@oncall.',
      form: 'tag',
    }),
    chain: z.string().optional().meta({
      description: 'Of this chain alone, such as chain:eip155:1.',
      form: 'tag',
      complete: 'chain',
    }),
  }),
  example: '/posse subscribe ronin exchange mixer min:10ETH',
  async run(context, { case: caseId, topics: words = [], min = null, page, chain = null }, call) {
    const id = caseId === '*' ? '*' : findCase(context, caseId).case.id
    const by = signedBy(memberOf(call), context.now())
    const { channel } = call
    if (chain !== null) checkChain(context, chain)
    const wanted = pickTopics(words)
    const value: Subscription = {
      channel,
      caseId: id,
      topics: wanted,
      min,
      chain,
      page: page === undefined ? null : parsePage(page, channel),
      by,
    }
    await decide(context, () => ({
      standing: [
        { kind: 'subscription', key: `${channel} ${id}`, value },
        ...bindingOf(context, channel, memberOf(call)),
      ],
      result: undefined,
    }))
    return {
      title: `This channel hears of ${nameOf(context, id)}`,
      visibility: 'channel',
      sections: [
        { type: 'fields', fields: describeSubscription(value) },
        ...(await whereItStands(context, id)),
      ],
    }
  },
})

const unsubscribe = defineCommand({
  name: 'unsubscribe',
  description: 'Takes back what this channel said it wants to hear of a case.',
  role: 'responder',
  answersIn: 'channel',
  options: z.object({ case: caseOrAll }),
  example: '/posse unsubscribe ronin',
  async run(context, { case: caseId }, { channel }) {
    const id = caseId.toLowerCase()
    const key = `${channel} ${id}`
    await decide(context, () => {
      if (!context.standing.subscription.has(key)) {
        const known = subscriptionsOf(context, channel).map((each) => each.caseId)
        throw new NotSubscribedError({ caseId, known })
      }
      return { standing: [{ kind: 'subscription', key, value: null }], result: undefined }
    })
    const left = subscriptionsOf(context, channel)
    return {
      title: `This channel does not hear of ${nameOf(context, id)} by itself any more`,
      visibility: 'channel',
      sections: left.length > 0 ? [tableOf(left)] : [],
    }
  },
})

const subscriptions = defineCommand({
  name: 'subscriptions',
  description: 'Shows what this channel hears, with every filter that is in force.',
  role: 'viewer',
  options: z.object({}),
  example: '/posse subscriptions',
  run(context, _options, { channel }) {
    const own = subscriptionsOf(context, channel)
    const routes = context.house.routes.filter((route) => route.channel === channel)
    const count = own.length + routes.length
    return {
      title:
        count === 0
          ? 'This channel hears nothing by itself'
          : `This channel hears by ${countOf(count, 'subscription')}`,
      sections: [
        ...(own.length > 0 ? [tableOf(own)] : []),
        ...(routes.length > 0
          ? [{ type: 'text' as const, text: 'By the settings of the house:' }, tableOf(routes)]
          : []),
        { type: 'fields', fields: describeSettings(context, channel) },
      ],
    }
  },
})

const test = defineCommand({
  name: 'subscriptions test',
  description: 'Sends a message to this channel on the way that alerts take.',
  role: 'responder',
  options: z.object({}),
  example: '/posse subscriptions test',
  async run(context, _options, call) {
    const { channel } = call
    const at = context.now()
    const { name } = memberOf(call)
    await tellChannels(context, {
      id: `test:${channel}:${at}`,
      message: {
        title: 'A test: alerts reach this channel',
        severity: 'info',
        blockTime: at,
        sections: [{ type: 'text', text: `${name} asked for it. Nothing has happened.` }],
      },
      topic: 'digest',
      channels: [channel],
    })
    return { title: 'A test message is on its way', sections: [] }
  },
})

const settings = defineCommand({
  name: 'settings',
  description: 'Shows or sets how this channel wants its messages.',
  role: 'responder',
  answersIn: 'channel',
  options: z.object({
    form: z
      .enum(['full', 'short'])
      .optional()
      .meta({ description: 'Whole cards, or one line each.', form: 'tag' }),
    layout: z
      .enum(['thread', 'flat'])
      .optional()
      .meta({ description: 'Follow-ups in threads, or each on its own.', form: 'tag' }),
    digest: z
      .enum(digestRhythms)
      .optional()
      .meta({ description: 'How often a digest comes, at 08:00 UTC or each hour.', form: 'tag' }),
    timezone: z
      .string()
      .transform(parseTimeZone)
      .optional()
      .meta({ description: 'Shown beside UTC, such as timezone:Asia/Seoul.', form: 'tag' }),
  }),
  example: '/posse settings form:short digest:hourly',
  async run(context, { form, layout, digest, timezone }, { channel }) {
    const before = settingsOf(context, channel)
    const value = {
      ...before,
      form: form ?? before.form,
      layout: layout ?? before.layout,
      digest: digest ?? before.digest,
      timeZone: timezone ?? before.timeZone,
    }
    const isChanged = form ?? layout ?? digest ?? timezone
    if (isChanged !== undefined) {
      await decide(context, () => ({
        standing: [{ kind: 'channel', key: channel, value }],
        result: undefined,
      }))
    }
    return {
      title:
        isChanged === undefined ? 'How this channel wants its messages' : 'Set for this channel',
      ...(isChanged !== undefined && { visibility: 'channel' as const }),
      sections: [{ type: 'fields', fields: describeSettings(context, channel) }],
    }
  },
})

export const subscriptionCommands = [subscribe, unsubscribe, subscriptions, test, settings]

/** @throws UnknownChainError */
function checkChain({ chains }: Context, chain: string): void {
  if (!chains.has(chain)) throw new UnknownChainError({ chain, known: [...chains.keys()] })
}

function subscriptionsOf({ standing }: Context, channel: string): Subscription[] {
  return [...standing.subscription.values()].filter((each) => each.channel === channel)
}

type Filters = Pick<Subscription, 'caseId' | 'topics' | 'min' | 'chain' | 'page'>

function describeSubscription({
  topics: wanted,
  min,
  chain,
  page = null,
}: Filters): { name: string; value: Text }[] {
  return [
    { name: 'Topics', value: describeTopics(wanted) },
    {
      name: 'Smallest',
      value: min ? `${min.number} ${min.symbol}; other assets whatever their amount` : 'any',
    },
    { name: 'Chain', value: chain ?? 'any' },
    ...(page === null ? [] : [{ name: 'Red alerts call', value: { code: page } }]),
  ]
}

function describeTopics(wanted: Filters['topics']): string {
  if (wanted.length === topics.length) return 'all'
  const left = topics.filter((topic) => !wanted.includes(topic))
  return left.length <= 4 ? `all but ${left.join(', ')}` : wanted.join(', ')
}

function tableOf(rows: readonly Filters[]): Section {
  return {
    type: 'table',
    columns: [{ name: 'case' }, { name: 'topics' }, { name: 'smallest' }, { name: 'chain' }],
    rows: rows.map(({ caseId, topics: wanted, min, chain }) => [
      caseId === '*' ? 'all' : caseId,
      describeTopics(wanted),
      min ? `${min.number} ${min.symbol}` : 'any',
      chain ?? 'any',
    ]),
  }
}

function describeSettings(context: Context, channel: string): { name: string; value: Text }[] {
  const { form, layout, digest, timeZone } = settingsOf(context, channel)
  return [
    { name: 'Form', value: form },
    { name: 'Layout', value: layout },
    { name: 'Digest', value: digest },
    { name: 'Time zone', value: timeZone ?? 'UTC, and the reader’s own where the chat knows it' },
  ]
}

function nameOf({ cases }: Context, caseId: string): string {
  return caseId === '*' ? 'every case' : (cases.get(caseId)?.case.name ?? caseId)
}

/** What there is to know before the first alert comes. */
async function whereItStands(context: Context, caseId: string): Promise<Reply['sections']> {
  const open = context.cases.get(caseId)
  return open ? await describeStatus(context, open) : []
}

/** @throws UnknownTimeZoneError */
function parseTimeZone(text: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch {
    throw new UnknownTimeZoneError({ text })
  }
}
