import type { z } from 'zod'
import type { Reply } from '#types/message.ts'
import type { Context } from './context.ts'

/** What people can ask. Options are typed in the order of the schema; a list takes all that is left. */
export type Command<Options extends z.ZodObject = z.ZodObject> = {
  name: string
  description: string
  options: Options
  example: string
  run(context: Context, options: z.output<Options>): Reply | Promise<Reply>
  /** Words that may come next, for completion. */
  complete?(context: Context): string[]
}

/** Defines a command; its options are inferred from the schema. */
export function defineCommand<Options extends z.ZodObject>(command: Command<Options>): Command {
  // Erases the options' type: the loop parses them with the same schema before it calls `run`.
  return command as unknown as Command
}
