import { z } from 'zod'
import { findCase } from '#src/case/findCase.ts'
import { settle as settleCandidate } from '#src/case/settle.ts'
import { caseOption } from '#src/command/caseOption.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { signedBy } from '#src/signedBy.ts'
import { parseTransaction } from '#utils/parseTransaction.ts'

export const settle = defineCommand({
  name: 'settle',
  description:
    'Says which payment came out of a bridge that names nothing itself; it is followed then.',
  role: 'lead',
  answersIn: 'channel',
  options: z.object({
    transaction: z
      .string()
      .transform(parseTransaction)
      .meta({ description: 'A candidate that the trail of the case shows.' }),
    case: caseOption,
    undo: z
      .enum(['yes', 'no'])
      .default('no')
      .meta({ description: 'Take it back: undo:yes.', form: 'tag' }),
  }),
  example: '/posse settle f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16',
  async run(context, { transaction, case: caseId, undo }, call) {
    const open = findCase(context, caseId)
    const by = signedBy(memberOf(call), context.now())
    const isUndone = undo === 'yes'
    const { in: part } = await settleCandidate(context, open, { transaction, by, isUndone })
    return {
      title: [isUndone ? 'Took back ' : 'Settled by ', { code: transaction }],
      visibility: 'channel',
      sections: [
        { type: 'text', text: ['It is worked out again: ', { code: `/posse status ${part}` }] },
      ],
    }
  },
})
