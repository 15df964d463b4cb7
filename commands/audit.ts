import { z } from 'zod'
import { defineCommand } from '#src/defineCommand.ts'
import { parseCount } from '#utils/parseCount.ts'

/** Lines that one answer shows. */
const maxLines = 50

export const audit = defineCommand({
  name: 'audit',
  description: 'Shows who asked for what, and how it ended, the newest first.',
  role: 'lead',
  options: z.object({
    lines: z
      .string()
      .default('20')
      .transform((text) => parseCount(text, { max: maxLines }))
      .meta({ description: `How many lines, at most ${maxLines}.` }),
  }),
  example: '/posse audit 50',
  async run(context, { lines }) {
    const entries = await context.store.readAudit({ limit: lines })
    return {
      title: `The last ${entries.length} lines of the audit log`,
      sections: [
        {
          type: 'table',
          columns: [
            { name: 'when' },
            { name: 'who' },
            { name: 'where' },
            { name: 'outcome' },
            { name: 'command' },
          ],
          rows: entries.map(({ at, account, name, role, channel, outcome, text }) => [
            { time: at },
            `${name === account ? account : `${name} (${account})`}, ${role}`,
            channel,
            outcome,
            text,
          ]),
        },
      ],
    }
  },
})
