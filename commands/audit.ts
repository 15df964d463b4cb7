import { z } from 'zod'
import { defineCommand } from '#src/defineCommand.ts'
import type { AuditHead } from '#types/audit.ts'
import type { Section } from '#types/message.ts'
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
    // Of the whole log: how fast it grows is not for everybody.
    const head = context === context.whole ? await context.store.readAuditHead() : null
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
        ...(head ? [describeHead(head)] : []),
      ],
    }
  },
})

function describeHead({ seq, hash }: AuditHead): Section {
  const shown = hash.slice(0, shownDigits)
  return {
    type: 'text',
    text: [
      `Line ${seq} has the hash `,
      { code: shown },
      '. Noted elsewhere, it proves all lines up to it: ',
      { code: `posse audit verify --head ${shown}` },
    ],
  }
}
