import { z } from 'zod'
import { InvalidOptionError } from '#errors/input.ts'
import { findCase } from '#src/case/findCase.ts'
import { caseTag } from '#src/command/caseOption.ts'
import type { Context } from '#src/context.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { findAlert } from '#src/duty/findAlert.ts'
import {
  describeSilence,
  unsilence as endSilence,
  silence as makeSilence,
} from '#src/duty/silence.ts'
import { signedBy } from '#src/signedBy.ts'
import type { Silence } from '#types/standing.ts'
import { topics } from '#types/topic.ts'
import { countOf } from '#utils/countOf.ts'
import { nearest } from '#utils/nearest.ts'
import { parseAddress } from '#utils/parseAddress.ts'
import { parseDuration } from '#utils/parseDuration.ts'
import { parseNote } from '#utils/parseNote.ts'

const silence = defineCommand({
  name: 'silence',
  description: 'Keeps alerts from being posted for a while; they are recorded and counted.',
  role: 'responder',
  answersIn: 'channel',
  options: z.object({
    what: z.string().meta({
      description: 'The digits of an alert (its path), an address, a topic such as moved, or all.',
      complete: 'alert',
    }),
    why: z.string().transform(parseNote).meta({ description: 'Why.', form: 'text' }),
    for: z
      .string()
      .default('2h')
      .transform(parseDuration)
      .meta({ description: 'How long, such as for:30m.', form: 'tag' }),
    case: caseTag,
  }),
  example: '/posse silence moved for:30m the thief shuffles dust',
  async run(context, { what, why, for: seconds, case: caseId }, call) {
    const by = signedBy(memberOf(call), context.now())
    const about = await readWhat(context, what, caseId)
    const made = await makeSilence(context, { ...about, why, seconds, by })
    return {
      title: [`Silenced ${describeSilence(made)} of ${made.caseId}`],
      visibility: 'channel',
      sections: [
        {
          type: 'fields',
          fields: [
            { name: 'Until', value: { time: made.until } },
            { name: 'Why', value: why },
            { name: 'End it', value: { code: `/posse unsilence ${made.id}` } },
          ],
        },
      ],
    }
  },
})

const silences = defineCommand({
  name: 'silences',
  description: 'Lists what is silenced, by whom, until when and why.',
  role: 'viewer',
  options: z.object({}),
  example: '/posse silences',
  run({ standing }) {
    const all = [...standing.silence.values()].sort((a, b) => a.until - b.until)
    return {
      title: all.length === 0 ? 'Nothing is silenced' : countOf(all.length, 'silence'),
      sections: [
        {
          type: 'table',
          columns: [
            { name: 'silence' },
            { name: 'case' },
            { name: 'what' },
            { name: 'until' },
            { name: 'who' },
            { name: 'why' },
          ],
          rows: all.map((each) => [
            { code: each.id },
            each.caseId,
            describeSilence(each),
            { time: each.until },
            each.by.name,
            each.why,
          ]),
        },
      ],
    }
  },
})

const unsilence = defineCommand({
  name: 'unsilence',
  description: 'Ends a silence before its time.',
  role: 'responder',
  answersIn: 'channel',
  options: z.object({
    silence: z
      .string()
      .meta({ description: 'Its digits, as /posse silences lists them.', complete: 'silence' }),
  }),
  example: '/posse unsilence 3f9c2a71',
  async run(context, { silence: id }, call) {
    const by = signedBy(memberOf(call), context.now())
    const ended = await endSilence(context, { id: id.toLowerCase(), by })
    return {
      title: `The silence on ${describeSilence(ended)} of ${ended.caseId} is over`,
      visibility: 'channel',
      sections: [],
    }
  },
})

export const silenceCommands = [silence, silences, unsilence]

type About = Pick<Silence, 'caseId' | 'topic' | 'address' | 'path'>

async function readWhat(context: Context, text: string, caseId?: string): Promise<About> {
  const none = { topic: null, address: null, path: null }
  if (/^[0-9a-f]{8}$/i.test(text)) {
    const { tellings } = await findAlert(context, text)
    const head = tellings.at(-1)?.group.head
    if (head) return { ...none, caseId: head.caseId, path: head.path }
  }
  const { id } = findCase(context, caseId).case
  if (text.toLowerCase() === 'all') return { ...none, caseId: id }
  const topic = topics.find((each) => each === text.toLowerCase())
  if (topic) return { ...none, caseId: id, topic }
  if (/0x/i.test(text)) return { ...none, caseId: id, address: parseAddress(text) }
  const meant = nearest(text.toLowerCase(), [...topics, 'all'])
  throw new InvalidOptionError({
    option: 'what',
    text,
    reason: 'it is no alert, no address and no topic',
    hint: meant ? `Did you mean "${meant}"?` : `Topics: ${topics.join(', ')}, or all.`,
  })
}
