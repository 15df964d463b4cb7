import { z } from 'zod'
import { findCase } from '#src/case/findCase.ts'
import { caseTag } from '#src/command/caseOption.ts'
import { decide } from '#src/decide.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { signedBy } from '#src/signedBy.ts'
import { handleOf } from '#utils/handleOf.ts'
import { parseNote } from '#utils/parseNote.ts'
import { isTime, parseTime } from '#utils/parseTime.ts'

export const note = defineCommand({
  name: 'note',
  description: 'Writes a note into the timeline of a case.',
  role: 'responder',
  answersIn: 'channel',
  options: z.object({
    text: z.string().transform(parseNote).meta({ description: 'The note.', form: 'text' }),
    case: caseTag,
    of: z
      .string()
      .max(100)
      .optional()
      .meta({ description: 'The message that it repeats: noted once.', form: 'tag' }),
    at: z
      .string()
      .refine(isTime, { error: 'it is no clear time' })
      .optional()
      .meta({ description: 'When it happened, such as at:2h ago; now if left out.', form: 'tag' }),
  }),
  example: '/posse note their desk answers to +82 only until 18:00 KST',
  async run(context, { text, case: caseId, of, at: when }, call) {
    const open = findCase(context, caseId)
    const { id, name } = open.case
    const now = context.now()
    const by = signedBy(memberOf(call), now)
    const at = when === undefined ? now : parseTime(when, { now })
    // The same note in the same second is the same note, sent twice.
    const key = of ? `note:${of}` : `note:${by.at}:${handleOf(`${by.account} ${text}`)}`
    await decide(context, () => ({
      timeline: [{ caseId: id, key, at, kind: 'note', by, text }],
      result: undefined,
    }))
    return {
      title: ['Noted for ', { strong: name }],
      visibility: 'channel',
      sections: [{ type: 'text', text }],
    }
  },
})
