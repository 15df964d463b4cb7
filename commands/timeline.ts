import { z } from 'zod'
import { findCase } from '#src/case/findCase.ts'
import { caseOption } from '#src/command/caseOption.ts'
import { defineCommand } from '#src/defineCommand.ts'
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
  async run(context, { case: caseId, page }) {
    const open = findCase(context, caseId)
    const { id, name } = open.case
    const before = (page - 1) * pageSize
    // One more than is shown tells whether there is more.
    const found = await context.store.readTimeline(id, { limit: pageSize + 1, before })
    const shown = found.slice(0, pageSize)
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
