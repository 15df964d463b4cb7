import { z } from 'zod'
import { type Command, defineCommand } from '#src/defineCommand.ts'
import { roles } from '#types/member.ts'
import { topics } from '#types/topic.ts'
import { parseAddress } from '#utils/parseAddress.ts'
import { parseDuration } from '#utils/parseDuration.ts'
import { parseMin } from '#utils/parseMin.ts'
import { parseName } from '#utils/parseName.ts'
import { parseNote } from '#utils/parseNote.ts'
import { isTime } from '#utils/parseTime.ts'

/** What a made-up command was run with. */
export type Run = { name: string; options: unknown; account: string | undefined }

/** Commands with options of every form, for every role; each notes that it ran. */
export function madeUpCommands(onRun: (run: Run) => void): Command[] {
  const role = z.enum(roles)
  const specs: Pick<Command, 'name' | 'role' | 'options'>[] = [
    { name: 'help', role: 'anyone', options: z.object({ command: z.string().optional() }) },
    {
      name: 'trail',
      role: 'viewer',
      options: z.object({
        case: z.string().optional().meta({ complete: 'case' }),
        policy: z.enum(['fifo', 'haircut']).default('fifo'),
      }),
    },
    {
      name: 'lookup',
      role: 'viewer',
      options: z.object({
        addresses: z.array(z.string().transform(parseAddress)).min(1).meta({ complete: 'address' }),
      }),
    },
    {
      name: 'label',
      role: 'responder',
      options: z.object({
        address: z.string().transform(parseAddress).meta({ complete: 'address' }),
        kind: z.enum(['exchange', 'mixer', 'bridge']),
        name: z.string().transform(parseName),
        sure: z.coerce.number().min(0).max(100).default(90).meta({ form: 'tag' }),
      }),
    },
    {
      name: 'case note',
      role: 'responder',
      options: z.object({
        case: z.string().meta({ complete: 'case' }),
        at: z.string().refine(isTime).optional().meta({ form: 'tag' }),
        note: z.string().transform(parseNote).meta({ form: 'text' }),
      }),
    },
    {
      name: 'case close',
      role: 'lead',
      options: z.object({ case: z.string().meta({ complete: 'case' }) }),
    },
    {
      name: 'subscribe',
      role: 'lead',
      options: z.object({
        case: z.string().meta({ complete: 'case' }),
        topics: z.array(z.enum(topics)).default([]),
        min: z.string().transform(parseMin).optional().meta({ form: 'tag' }),
        chain: z.string().optional().meta({ form: 'tag', complete: 'chain' }),
        timeZone: z.string().optional().meta({ form: 'tag' }),
      }),
    },
    {
      name: 'silence',
      role: 'lead',
      options: z.object({
        alert: z.string().meta({ complete: 'alert' }),
        for: z.string().transform(parseDuration).meta({ form: 'tag' }),
        limit: z.string().default('none').meta({ form: 'tag' }),
      }),
    },
    { name: 'member grant', role: 'admin', options: z.object({ account: z.string(), role }) },
  ]
  return specs.map((spec) =>
    defineCommand({
      ...spec,
      description: `Does ${spec.name}.`,
      example: `/posse ${spec.name}`,
      run(_context, options, { member }) {
        onRun({ name: spec.name, options, account: member?.account })
        return { title: `Did ${spec.name}.`, sections: [] }
      },
    }),
  )
}
