import { z } from 'zod'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { correctFlag } from '#src/dispute/correctFlag.ts'
import { isLeadOfHouse } from '#src/organization/listOrganizations.ts'
import { signedBy } from '#src/signedBy.ts'
import type { Reply } from '#types/message.ts'
import { parseAddress, showAddress } from '#utils/parseAddress.ts'
import { parseConfidence } from '#utils/parseConfidence.ts'
import { parseNote } from '#utils/parseNote.ts'

const why = z.string().transform(parseNote).optional().meta({ description: 'Why.', form: 'text' })

export const correct = defineCommand({
  name: 'correct',
  description: 'Changes how sure your flag of an address is; whoever was told is told.',
  role: 'responder',
  options: z.object({
    address: z.string().transform(parseAddress).meta({
      description: 'The address, as pasted.',
      complete: 'address',
    }),
    sure: z
      .string()
      .transform(parseConfidence)
      .meta({ description: 'How sure it is, such as 60%.' }),
    why,
  }),
  example:
    '/posse correct 0xd90e2f925DA726b50C4Ed8D0Fb90Ad053324F31b 40% the source was wrong before',
  async run(context, { address, sure: confidence, why: note = '' }, call): Promise<Reply> {
    const member = memberOf(call)
    const by = signedBy(member, context.now())
    const isEverybodys = isLeadOfHouse(context, member)
    const given = { address, confidence, note, by, isEverybodys }
    const { flag, retraced } = await correctFlag(context, given)
    const again = retraced.length > 0 ? `; worked out again: ${retraced.join(', ')}` : ''
    return {
      title: ['Corrected: ', { code: showAddress(address) }],
      sections: [
        {
          type: 'text',
          text: `${flag.kind} ${flag.name}, ${Math.round(confidence * 100)} % sure${again}.`,
        },
      ],
    }
  },
})
