import { z } from 'zod'
import { FixedMemberError, MemberNotFoundError } from '#errors/member.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { defineCommand } from '#src/defineCommand.ts'
import { listOrganizations, organizationIn } from '#src/organization/listOrganizations.ts'
import { type Member, roles } from '#types/member.ts'
import { findMember } from '#utils/findMember.ts'
import { parseAccount } from '#utils/parseAccount.ts'
import { parseName } from '#utils/parseName.ts'

const account = z.string().transform(parseAccount).meta({
  description: 'The account: slack:U024BE7LH, discord:80351110224678912.',
  complete: 'member',
})

const list = defineCommand({
  name: 'member list',
  description: 'Lists who may do what here.',
  role: 'lead',
  options: z.object({}),
  example: '/posse member list',
  run(context) {
    const members = allMembers(context)
    return {
      title: `${members.length} members`,
      sections: [
        {
          type: 'table',
          columns: [
            { name: 'account' },
            { name: 'name' },
            { name: 'role' },
            { name: 'organization' },
            { name: 'by' },
          ],
          rows: members.map((member) => [
            { code: member.account },
            member.name,
            member.role,
            member.organization ?? '',
            context.standing.member.has(member.account) ? 'command' : 'settings',
          ]),
        },
      ],
    }
  },
})

const grant = defineCommand({
  name: 'member grant',
  description:
    'Gives an account a role, each including the ones before: viewer, responder, lead, admin.',
  role: 'admin',
  answersIn: 'channel',
  options: z.object({
    account,
    role: z.enum(roles).meta({ description: 'What it may do.' }),
    name: z.string().transform(parseName).meta({ description: 'What people call them.' }),
    organization: z.string().optional().meta({
      description: 'The organization, by its id.',
      complete: 'organization',
    }),
  }),
  example: '/posse member grant slack:U024BE7LH responder "Ann Lee" acme',
  async run(context, { account: id, role, name, organization = null }) {
    const { members } = context.house
    if (organization !== null && !organizationIn(context, organization)) {
      const known = listOrganizations(context).map((each) => each.id)
      throw new MemberNotFoundError({ what: 'organization', text: organization, known })
    }
    if (members.some((each) => each.account === id)) throw new FixedMemberError({ account: id })
    const value: Member = { account: id, name, role, organization }
    await decide(context, () => ({
      standing: [{ kind: 'member', key: id, value }],
      result: undefined,
    }))
    return {
      title: [{ strong: name }, ` is ${role} now`],
      visibility: 'channel',
      sections: [{ type: 'fields', fields: [{ name: 'Account', value: { code: id } }] }],
    }
  },
})

const revoke = defineCommand({
  name: 'member revoke',
  description: 'Takes the role of an account away.',
  role: 'admin',
  answersIn: 'channel',
  options: z.object({ account }),
  example: '/posse member revoke slack:U024BE7LH',
  async run(context, { account: id }) {
    await decide(context, () => {
      if (context.house.members.some((each) => each.account === id)) {
        throw new FixedMemberError({ account: id })
      }
      if (!context.standing.member.has(id)) {
        const known = [...context.standing.member.keys()]
        throw new MemberNotFoundError({ what: 'member', text: id, known })
      }
      return { standing: [{ kind: 'member', key: id, value: null }], result: undefined }
    })
    return { title: [{ code: id }, ' is no member any more'], visibility: 'channel', sections: [] }
  },
})

const whois = defineCommand({
  name: 'whois',
  description: 'Says who an account belongs to, and for which organization.',
  role: 'viewer',
  options: z.object({ account }),
  example: '/posse whois discord:80351110224678912',
  run(context, { account: id }) {
    const member = findMember(context, id)
    const organization = organizationIn(context, member?.organization ?? '')
    if (!member) {
      const text = 'Nobody has vouched for it. Whoever it is may ask to be let in.'
      return {
        title: ['The house does not know ', { code: id }],
        severity: 'amber',
        sections: [{ type: 'text', text }],
      }
    }
    return {
      title: [{ strong: member.name }, ` is a ${member.role} of the house`],
      sections: [
        {
          type: 'fields',
          fields: [
            { name: 'Account', value: { code: id } },
            { name: 'Organization', value: organization?.name ?? 'none' },
            ...(member.as ? [{ name: 'Same as', value: { code: member.as } }] : []),
          ],
        },
      ],
    }
  },
})

export const memberCommands = [list, grant, revoke, whois]

function allMembers({ house, standing }: Context): Member[] {
  return [...house.members, ...standing.member.values()].sort((a, b) =>
    a.account < b.account ? -1 : 1,
  )
}
