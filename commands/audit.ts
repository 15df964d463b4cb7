import { z } from 'zod'
import { defineCommand } from '#src/defineCommand.ts'
import { parseCount } from '#utils/parseCount.ts'

/** Lines that one answer shows. */
const maxLines = 50

/** Hex digits of the last hash that are shown: enough to find it again. */
const shownDigits = 16

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
    const { seq, hash } = await context.store.readAuditHead()
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
        {
          type: 'text',
          text: [
            `Line ${seq} has the hash `,
            { code: hash.slice(0, shownDigits) },
            '. Noted elsewhere, it proves all lines up to it: ',
            { code: `posse audit verify --head ${hash.slice(0, shownDigits)}` },
          ],
        },
      ],
    }
  },
})
