import { z } from 'zod'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { approveAccess, declineAccess, requestAccess, requestsFor } from '#src/duty/access.ts'
import { roles } from '#types/member.ts'
import { countOf } from '#utils/countOf.ts'
import { parseAccount } from '#utils/parseAccount.ts'
import { checkText, parseNote } from '#utils/parseNote.ts'
import { plainText } from '#utils/plainText.ts'

/** Characters of what a stranger says of an organization and of the own name. */
const maxNameCharacters = 80

const account = z
  .string()
  .transform(parseAccount)
  .meta({ description: 'The account, such as slack:U024BE7LH.', complete: 'request' })

const request = defineCommand({
  name: 'access request',
  description: 'Asks the people who run Posse to let you in.',
  role: 'anyone',
  options: z.object({
    organization: z
      .string()
      .transform((text) =>
        checkText(text, { what: 'an organization', maxCharacters: maxNameCharacters }),
      )
      .meta({ description: 'Whom you work for, by its short name.' }),
    why: z
      .string()
      .transform(parseNote)
      .meta({ description: 'What you need it for, and who can vouch for you.', form: 'text' }),
    as: z.string().transform(parseAccount).optional().meta({
      description: 'Your account on another platform that is a member: as:slack:U024BE7LH.',
      form: 'tag',
    }),
  }),
  example: '/posse access request acme I am on the night desk, ask Ann',
  async run(context, { organization, why, as = null }, { user }) {
    const name = plainText(user.name).slice(0, maxNameCharacters).toWellFormed() || user.id
    await requestAccess(context, {
      account: user.id,
      name,
      organization: organization.toLowerCase(),
      why,
      as,
    })
    return {
      title: 'Your request waits for an answer',
      sections: [{ type: 'text', text: 'You are told here as soon as somebody has decided.' }],
    }
  },
})

const list = defineCommand({
  name: 'access list',
  description: 'Lists who asks to be let in.',
  role: 'lead',
  options: z.object({}),
  example: '/posse access list',
  run(context, _options, call) {
    const waiting = requestsFor(context, memberOf(call))
    return {
      title: waiting.length === 0 ? 'Nobody asks for access' : countOf(waiting.length, 'request'),
      sections: [
        {
          type: 'table',
          columns: [
            { name: 'account' },
            { name: 'name' },
            { name: 'organization' },
            { name: 'why' },
            { name: 'when' },
          ],
          rows: waiting.map((each) => [
            { code: each.account },
            each.name,
            each.organization,
            each.why,
            { time: each.at },
          ]),
        },
      ],
    }
  },
})

const approve = defineCommand({
  name: 'access approve',
  description:
    'Lets somebody in who has asked; an account of a member gets the role of that member.',
  role: 'lead',
  answersIn: 'channel',
  options: z.object({
    account,
    role: z.enum(roles).default('viewer').meta({ description: 'What it may do.' }),
    organization: z.string().optional().meta({
      description: 'The organization by its id, where it is another than they said.',
      form: 'tag',
      complete: 'organization',
    }),
  }),
  example: '/posse access approve slack:U024BE7LH responder',
  async run(context, { account: id, role, organization }, call) {
    const member = await approveAccess(context, {
      account: id,
      role,
      organization,
      lead: memberOf(call),
    })
    return {
      title: [{ strong: member.name }, ` is ${member.role} now`],
      visibility: 'channel',
      sections: [{ type: 'fields', fields: [{ name: 'Account', value: { code: id } }] }],
    }
  },
})

const decline = defineCommand({
  name: 'access decline',
  description: 'Turns somebody down who has asked; they may ask again.',
  role: 'lead',
  options: z.object({ account }),
  example: '/posse access decline slack:U024BE7LH',
  async run(context, { account: id }, call) {
    await declineAccess(context, { account: id, lead: memberOf(call) })
    return { title: ['Turned down ', { code: id }], sections: [] }
  },
})

export const accessCommands = [request, list, approve, decline]
