import { validate } from 'node-cron'
import { z } from 'zod'
import { stepUps } from '#types/houseRules.ts'
import { roles } from '#types/member.ts'
import { tlpMarks } from '#types/tlp.ts'
import { name, section, text, url, whole } from './shapes.ts'

/** A person's name on a platform, or whoever sits at the terminal. */
const accountAdvice =
  'write terminal, slack: or discord: and the id there, such as "slack:U024BE7LH"'
const account = text(
  /^(?:terminal|(?:slack|discord):[A-Za-z0-9]{1,40}(?:\.[A-Za-z0-9]{1,40})?)$/,
  accountAdvice,
)

const channelAdvice =
  'write terminal, slack: or discord: and the id there, such as "slack:C024BE91L"'
const channel = text(
  /^(?:terminal|(?:slack|discord):[A-Za-z0-9]{1,40}(?:\.[A-Za-z0-9]{1,40})?)$/,
  channelAdvice,
)

const id = (what: string) =>
  text(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    `name ${what} in up to 40 lower-case letters, digits and hyphens`,
  )

const millionth = (what: string) => whole(0, 1_000_000, `${what} in parts per million,`)
const minutes = (max: number) => whole(1, max, 'a whole number of minutes')

/** A day is long enough for what must be answered in minutes. */
const maxMinutes = 10_080

/** More cards of one case than this at a time are no cards any more: one channel gets at most 20 messages a minute. */
const maxOpenCards = 10

const degree = (what: string) =>
  z
    .number({ error: `write ${what} from 0 to 1` })
    .min(0)
    .max(1, { error: `write ${what} from 0 to 1` })

/** The clocks of freezes, and what is asked without a person. */
const freezeSchema = section({
  approveMinutes: minutes(maxMinutes).optional(),
  seenMinutes: minutes(maxMinutes).optional(),
  answerMinutes: minutes(maxMinutes).optional(),
  stepMinutes: minutes(maxMinutes).optional(),
  holdDays: whole(1, 3_650, 'a whole number of days').optional(),
  renewHours: whole(1, 720, 'a whole number of hours').optional(),
  contactDays: whole(1, 365, 'a whole number of days').optional(),
  preApprove: z
    .union(
      [
        section({
          confidence: degree('how sure a label must be'),
          certainty: degree('how much must be stolen under every rule'),
          leastPerMillion: millionth('the least share of the theft'),
        }),
        z.null(),
      ],
      { error: 'write confidence, certainty and leastPerMillion, or null' },
    )
    .optional(),
})

/** What the house decides differently from the rules that ship. */
export const rulesSchema = section({
  dustPerMillion: millionth('the smallest payment to follow').optional(),
  busyStrangers: z
    .union([whole(1, 100_000, 'a whole number of strangers'), z.null()], {
      error: 'write a whole number of strangers from 1 to 100000, or null to park nobody',
    })
    .optional(),
  dormantDays: whole(1, 3_650, 'a whole number of days').optional(),
  foldMinutes: minutes(maxMinutes).optional(),
  retellMinutes: minutes(maxMinutes).optional(),
  largePerMillion: millionth('a large movement').optional(),
  fastSeconds: whole(1, 86_400, 'a whole number of seconds').optional(),
  openCards: whole(1, maxOpenCards, 'a whole number of cards').optional(),
  burstHops: whole(1, 10_000, 'a whole number of hops a minute').optional(),
  ackMinutes: minutes(maxMinutes).optional(),
  headLagSeconds: whole(5, 86_400, 'a whole number of seconds').optional(),
  tlp: z.enum(tlpMarks, { error: `write one of ${tlpMarks.join(', ')}` }).optional(),
  freeze: freezeSchema.optional(),
  stepUp: z
    .enum(stepUps, { error: `write one of ${stepUps.map((each) => `"${each}"`).join(', ')}` })
    .optional(),
  escalation: z
    .array(
      section({
        afterMinutes: minutes(maxMinutes),
        channel: z.union([channel, z.null()], { error: `${channelAdvice}, or null` }),
      }),
      { error: 'write a list of steps' },
    )
    .optional(),
})

const member = section({
  account,
  name: name('the member'),
  role: z.enum(roles, { error: `write one of ${roles.join(', ')}` }),
})

export const organizationSchema = section({
  id: id('the organization'),
  name: name('the organization'),
  members: z.array(member, { error: 'write a list of members' }),
  channels: z.array(channel, { error: 'write a list of channels' }).optional(),
})

export const adminSchema = account

export const routeSchema = section({
  channel,
  case: text(/^(?:\*|[a-z0-9][a-z0-9-]{0,39})$/, 'write the id of a case, or "*" for all').default(
    '*',
  ),
  topics: z
    .array(z.string({ error: 'write topics in quotes' }), {
      error: 'write a list of topics, such as ["exchange", "mixer"]',
    })
    .default([]),
  min: z.string({ error: 'write it in quotes, such as "10 ETH"' }).optional(),
  chain: text(
    /^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/,
    'write the id of a chain, such as eip155:1',
  ).optional(),
  form: z.enum(['full', 'short'], { error: 'write "full" or "short"' }).default('full'),
  layout: z.enum(['thread', 'flat'], { error: 'write "thread" or "flat"' }).default('thread'),
  organization: id('the organization').optional(),
})

const share = 'write how sure it is, from 0 to 1, without quotes'
const confidence = z.number({ error: share }).gt(0, { error: share }).max(1, { error: share })
const staleAfterDays = whole(1, 36_500, 'a whole number of days')
const file = z.string({ error: 'name a file' }).min(1, { error: 'name a file' })

export const labelsSchema = section({
  file,
  source: name('who says so'),
  date: z.iso.date({ error: 'write a day such as "2026-01-31"' }),
  confidence,
  staleAfterDays,
})

const cron = 'write a cron expression of five fields, such as "0 6 * * *"'

export const feedSchema = section({
  name: id('the feed'),
  url: url(['https:', 'http:'], 'https://lists.example/sanctions.txt').optional(),
  file: file.optional(),
  format: z.enum(['ofac', 'etherscan', 'hack-address'], {
    error: 'write "ofac", "etherscan" or "hack-address"',
  }),
  kind: text(/^[a-z][a-z-]{1,30}$/, 'name what its addresses are, such as "sanctioned"'),
  source: name('who says so'),
  confidence,
  staleAfterDays,
  schedule: z
    .string({ error: cron })
    .refine((given) => given.trim().split(/\s+/).length === 5 && validate(given), { error: cron })
    .default('0 6 * * *'),
  incident: text(
    /^[A-Za-z0-9-]{1,40}$/,
    'write the key of one incident, such as "0221"',
  ).optional(),
})

export const houseShape = {
  rules: z.unknown().optional(),
  organizations: z.array(z.unknown(), { error: 'write a list of organizations' }).optional(),
  admins: z.array(z.unknown(), { error: 'write a list of accounts' }).optional(),
  routes: z.array(z.unknown(), { error: 'write a list of routes' }).optional(),
  labels: z.array(z.unknown(), { error: 'write a list of label files' }).optional(),
  feeds: z.array(z.unknown(), { error: 'write a list of feeds' }).optional(),
}
