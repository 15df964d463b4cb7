import type { z } from 'zod'
import type { ChannelId, CommandCall } from '#types/chat.ts'
import type { Member, Role } from '#types/member.ts'
import type { Reply } from '#types/message.ts'
import { checkOptions } from './command/optionsOf.ts'
import type { Context } from './context.ts'

/** Who asks, and where. */
export type Asker = {
  /** `null` is somebody whom the house does not know. */
  member: Member | null
  channel: ChannelId
  user: CommandCall['user']
}

/**
 * What people can ask. One schema gives the names of the options, how they are read, completed and explained;
 * `OptionMeta` in `optionsOf.ts` says how an option is written.
 */
export type Command<Options extends z.ZodObject = z.ZodObject> = {
  /** One word, or a noun and a verb: `status`, `case open`. */
  name: string
  /** Commands that belong together. @default the first word of the name */
  group?: string
  description: string
  /** The least role that may run it. */
  role: Role | 'anyone'
  options: Options
  example: string
  /**
   * Whether its answer may be shown in the channel: it is then of what both who asks and the channel may see.
   * @default to who asks alone
   */
  answersIn?: 'channel'
  run(context: Context, options: z.output<Options>, call: Asker): Reply | Promise<Reply>
}

/**
 * Defines a command; its options are inferred from the schema.
 * @throws Error where its options could not be told apart
 */
export function defineCommand<Options extends z.ZodObject>(command: Command<Options>): Command {
  checkOptions(command.name, command.options)
  // Erases the options' type: the loop parses them with the same schema before it calls `run`.
  return command as unknown as Command
}

/** What a command belongs to. */
export function groupOf({ name, group = nounOf(name) }: Pick<Command, 'name' | 'group'>): string {
  return group
}

/** The first word of a name. */
export function nounOf(name: string): string {
  return name.split(' ', 1)[0] ?? ''
}

/** The member who asks, where only members may. */
export function memberOf({ member }: Asker): Member {
  if (!member) throw new RangeError('A command for members alone was run for somebody else.')
  return member
}
