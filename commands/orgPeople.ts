import { z } from 'zod'
import { NotAContactError } from '#errors/organization.ts'
import type { Context } from '#src/context.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { findOrganization, listOrganizations } from '#src/organization/listOrganizations.ts'
import { onDuty, parseShift, showShift } from '#src/organization/onDuty.ts'
import type { Reply } from '#types/message.ts'
import { type Contact, type OrganizationFile, type Purpose, purposes } from '#types/organization.ts'
import { findMember } from '#utils/findMember.ts'
import { parseAccount } from '#utils/parseAccount.ts'
import { checkSpeaksFor, organizationOption, put } from './org.ts'

const account = z.string().transform(parseAccount).optional().meta({
  description: 'Whose; your own if left out.',
  form: 'tag',
  complete: 'member',
})

const contacts = defineCommand({
  name: 'org contacts',
  description: 'Shows whom to call at an organization; adds, confirms or takes out somebody.',
  role: 'responder',
  options: z.object({
    organization: organizationOption,
    do: z.enum(['show', 'add', 'confirm', 'remove']).default('show').meta({
      description: 'What to do; confirm says that they are still there.',
    }),
    purpose: z.enum(purposes).default('freeze').meta({ description: 'What they are called for.' }),
    account,
  }),
  example: '/posse org contacts acme add freeze account:slack:U024BE7LH',
  async run(context, { organization: id, do: what, purpose, account: named }, call) {
    const member = memberOf(call)
    if (what !== 'show') {
      checkSpeaksFor(context, id, member)
      const who = named ?? member.account
      await put(context, id, (now) => ({
        ...now,
        contacts: changeContacts(now, { what, account: who, purpose, at: context.now() }),
      }))
    }
    return describeContacts(context, id)
  },
})

/** @throws NotAContactError where there is nobody to confirm or to take out */
function changeContacts(
  { id, contacts: known }: OrganizationFile,
  {
    what,
    account: who,
    purpose,
    at,
  }: { what: 'add' | 'confirm' | 'remove'; account: string; purpose: Purpose; at: number },
): Contact[] {
  const isMeant = (each: Contact) => each.account === who && each.purpose === purpose
  const others = known.filter((each) => !isMeant(each))
  if (what === 'add') return [...others, { account: who, purpose, confirmedAt: at, askedAt: null }]
  if (!known.some(({ account: each }) => each === who)) {
    throw new NotAContactError({ id, account: who })
  }
  if (what === 'remove') return others
  return known.map((each) => (each.account === who ? { ...each, confirmedAt: at } : each))
}

const roster = defineCommand({
  name: 'org roster',
  description: 'Shows who is on duty when; sets the hours of somebody, or takes them out.',
  role: 'responder',
  options: z.object({
    organization: organizationOption,
    account,
    hours: z
      .string()
      .transform((text) => (text.trim().toLowerCase() === 'none' ? null : parseShift(text)))
      .optional()
      .meta({ description: 'Such as mon-fri 09:00-18:00 Asia/Seoul, or none.', form: 'text' }),
  }),
  example: '/posse org roster acme mon-fri 09:00-18:00 Asia/Seoul',
  async run(context, { organization: id, account: named, hours }, call) {
    const member = memberOf(call)
    if (hours !== undefined) {
      checkSpeaksFor(context, id, member)
      const who = named ?? member.account
      await put(context, id, (now) => {
        const others = now.roster.filter((shift) => shift.account !== who)
        return {
          ...now,
          roster: hours === null ? others : [...now.roster, { account: who, ...hours }],
        }
      })
    }
    const { name, roster: shifts } = findOrganization(context, id)
    return {
      title: [{ strong: name }, ': who is on duty when'],
      sections: [
        {
          type: 'table',
          columns: [{ name: 'who' }, { name: 'account' }, { name: 'hours' }],
          rows: shifts.map((shift) => [
            nameOf(context, shift.account),
            { code: shift.account },
            showShift(shift),
          ]),
        },
      ],
    }
  },
})

const oncall = defineCommand({
  name: 'org oncall',
  description: 'Says who is on duty now, everywhere or at one organization.',
  role: 'viewer',
  options: z.object({ organization: organizationOption.optional() }),
  example: '/posse org oncall acme',
  run(context, { organization }) {
    const asked =
      organization === undefined
        ? listOrganizations(context)
        : [findOrganization(context, organization)]
    return {
      title: 'On duty now',
      sections: [
        {
          type: 'table',
          columns: [{ name: 'organization' }, { name: 'who' }, { name: 'since' }],
          rows: asked.flatMap((each) => {
            const duty = onDuty(each, context.now())
            if (duty.length === 0) return [[each.name, 'nobody', '']]
            return duty.map(({ account: who, since }) => [
              each.name,
              [nameOf(context, who), ' ', { code: who }],
              { time: since },
            ])
          }),
        },
      ],
    }
  },
})

export const organizationPeopleCommands = [contacts, roster, oncall]

function describeContacts(context: Context, id: string): Reply {
  const { name, contacts: known } = findOrganization(context, id)
  return {
    title: [{ strong: name }, ': whom to call'],
    sections: [
      {
        type: 'table',
        columns: [{ name: 'for' }, { name: 'who' }, { name: 'account' }, { name: 'confirmed' }],
        rows: known.map(({ purpose, account: who, confirmedAt }) => [
          purpose,
          nameOf(context, who),
          { code: who },
          { time: confirmedAt },
        ]),
      },
    ],
  }
}

function nameOf(context: Context, account: string): string {
  return findMember(context, account)?.name ?? 'unknown'
}
