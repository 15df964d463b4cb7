import { z } from 'zod'
import { NoFlagError } from '#errors/flag.ts'
import { tlpOption } from '#src/command/tlpOption.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { type Flagged, flagAddress, unflagAddress } from '#src/flag/flagAddress.ts'
import { isLeadOfHouse } from '#src/organization/listOrganizations.ts'
import { signedBy } from '#src/signedBy.ts'
import type { Reply, Section } from '#types/message.ts'
import { flagKinds } from '#types/standing.ts'
import { parseAddress, showAddress } from '#utils/parseAddress.ts'
import { parseConfidence } from '#utils/parseConfidence.ts'
import { parseName } from '#utils/parseName.ts'
import { parseNote } from '#utils/parseNote.ts'

/** Stands for whoever does not want to be named; the audit log knows who it was. */
const coordinator = { account: 'coordinator', name: 'the coordinator', organization: null }

const flag = defineCommand({
  name: 'flag',
  description:
    'Says what an address is; it counts from the theft on, and cases are worked out again.',
  role: 'responder',
  answersIn: 'channel',
  options: z.object({
    address: z
      .string()
      .transform(parseAddress)
      .meta({ description: 'The address, as pasted.', complete: 'address' }),
    kind: z.enum(flagKinds).meta({
      description: 'What it is; a service ends the trail, anything else says that it is none.',
    }),
    name: z
      .string()
      .transform(parseName)
      .optional()
      .meta({ description: 'Whose it is; in quotes if it has spaces.' }),
    note: z
      .string()
      .transform(parseNote)
      .optional()
      .meta({ description: 'How you know.', form: 'text' }),
    sure: z
      .string()
      .default('80%')
      .transform(parseConfidence)
      .meta({ description: 'How sure you are, such as 60%.', form: 'tag' }),
    tlp: tlpOption,
    as: z.enum(['coordinator']).optional().meta({
      description: 'Under whose name it stands, where yours must not be read with it.',
      form: 'tag',
    }),
  }),
  example:
    '/posse flag 0xd90e2f925DA726b50C4Ed8D0Fb90Ad053324F31b mixer "Tornado router" seen in its docs',
  async run(context, { address, kind, name = '', note = '', sure: confidence, tlp, as }, call) {
    const member = memberOf(call)
    const { role } = member
    const own = signedBy(member, context.now())
    const by = as === undefined ? own : { ...coordinator, at: own.at }
    const given = { address, kind, name, note, confidence, by, role, tlp }
    const reply = describeFlagged('Flagged', await flagAddress(context, given))
    const isOpen = tlp === undefined || tlp === 'GREEN' || tlp === 'CLEAR'
    return { ...reply, visibility: as === undefined && isOpen ? 'channel' : 'private' }
  },
})

const unflag = defineCommand({
  name: 'unflag',
  description:
    'Takes back your flags of an address, a lead of the house everybody’s; the history stays.',
  role: 'responder',
  answersIn: 'channel',
  options: z.object({
    address: z
      .string()
      .transform(parseAddress)
      .meta({ description: 'The address, as pasted.', complete: 'address' }),
    note: z
      .string()
      .transform(parseNote)
      .optional()
      .meta({ description: 'Why it was wrong.', form: 'text' }),
  }),
  example: '/posse unflag 0xd90e2f925DA726b50C4Ed8D0Fb90Ad053324F31b it was another router',
  async run(context, { address, note = '' }, call) {
    const member = memberOf(call)
    const by = signedBy(member, context.now())
    const isEverybodys = isLeadOfHouse(context, member)
    const done = await unflagAddress(context, { address, note, by, isEverybodys })
    if (!done) throw new NoFlagError({ address: showAddress(address) })
    return describeFlagged('Took back the flag of', done)
  },
})

export const flagCommands = [flag, unflag]

function describeFlagged(
  verb: string,
  { flag: { address, kind, name }, service, retraced }: Flagged,
): Reply {
  const counts =
    service === null ? 'no service: a trail goes on through it' : `${service}: a trail ends there`
  const sections: Section[] = [
    {
      type: 'fields',
      fields: [
        { name: 'Opinion', value: [kind, name].filter(Boolean).join(', ') },
        { name: 'Counts as', value: counts },
        {
          name: 'Cases',
          value:
            retraced.length > 0
              ? `${retraced.join(', ')}: worked out again from the theft; cards that showed it wrongly are corrected`
              : 'the trail of no open case changes by it',
        },
      ],
    },
  ]
  return { title: [`${verb} `, { code: showAddress(address) }], visibility: 'channel', sections }
}
