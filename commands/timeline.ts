import { z } from 'zod'
import { findCase } from '#src/case/findCase.ts'
import { caseOption } from '#src/command/caseOption.ts'
import type { Context } from '#src/context.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { freezesFor } from '#src/freeze/actOnFreeze.ts'
import type { Member } from '#types/member.ts'
import { parseCount } from '#utils/parseCount.ts'

/** Entries of one page. */
const pageSize = 20

export const timeline = defineCommand({
  name: 'timeline',
  description: 'Shows what happened in a case and who decided what, the newest first.',
  role: 'viewer',
  options: z.object({
    case: caseOption,
    page: z
      .string()
      .default('1')
      .transform((text) => parseCount(text, { max: 10_000 }))
      .meta({ description: 'Further back: page:2 and so on.', form: 'tag' }),
  }),
  example: '/posse timeline ronin page:2',
  async run(context, { case: caseId, page }, call) {
    const open = findCase(context, caseId)
    const { id, name } = open.case
    const before = (page - 1) * pageSize
    // One more than is shown tells whether there is more.
    const found = await context.store.readTimeline(id, { limit: pageSize + 1, before })
    const hidden = hiddenFreezes(context, memberOf(call))
    const shown = found.slice(0, pageSize).filter(({ key }) => !hidden.has(freezeOf(context, key)))
    const next = { code: `/posse timeline ${id} page:${page + 1}` }
    return {
      title: [{ strong: name }, ': timeline', page > 1 ? `, page ${page}` : ''],
      sections: [
        {
          type: 'table',
          columns: [{ name: 'when' }, { name: 'who' }, { name: 'what' }],
          rows: shown.map(({ at, by, kind, text }) => [
            { time: at },
            by ? by.name : kind === 'alert' ? 'the chain' : 'Posse',
            text,
          ]),
        },
        ...(shown.length === 0
          ? [{ type: 'text' as const, text: 'Nothing stands here yet.' }]
          : []),
        ...(found.length > pageSize
          ? [{ type: 'text' as const, text: ['Further back: ', next] }]
          : []),
      ],
    }
  },
})

/** Requests to others, which are not theirs to read about. */
function hiddenFreezes(context: Context, member: Member): Set<string> {
  const seen = new Set(freezesFor(context, member).map(({ id }) => id))
  return new Set([...context.standing.freeze.keys()].filter((id) => !seen.has(id)))
}

/** The request that an entry is about, or a dispute of it; empty where it is about none. */
function freezeOf({ standing }: Context, key: string): string {
  const [what, id = ''] = key.split(':', 2)
  if (what === 'freeze') return id
  const subject = what === 'dispute' ? standing.dispute.get(id)?.subject : undefined
  return subject?.kind === 'freeze' ? subject.freeze : ''
}
