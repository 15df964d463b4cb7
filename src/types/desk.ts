import type { AccountId } from './member.ts'
import type { Filled, Message } from './message.ts'

/** An option of a command, as a platform registers or asks for it. */
export type OptionSpec = {
  /** What people read and type: `time-zone`. */
  word: string
  description: string
  isRequired: boolean
  /** Several values, or a sentence: room for more than a word. */
  isLong: boolean
  /** All that it can be; none where that is open. */
  values: readonly string[]
  /** Whether `Desk.complete` has something to offer. */
  isCompleted: boolean
}

/** A command, as a platform registers or explains it. */
export type CommandSpec = {
  /** `status`, `case open`. */
  name: string
  group: string
  description: string
  /** Open to people whom the house does not know. */
  isPublic: boolean
  options: readonly OptionSpec[]
}

/** A message that somebody points at. */
export type PointedMessage = {
  text: string
  author: string
  /** Unix seconds. */
  at: number
  /** Where it stands, the same whenever it is pointed at. */
  id: string
}

/** Something to do about a message that somebody points at, without typing a command. */
export type Shortcut = {
  /** Of letters and hyphens. */
  id: string
  /** At most 24 characters. */
  label: string
  toCommand(message: PointedMessage): Filled
}

/** What a chat may ask about commands: everything that people are offered before they ask. */
export type Desk = {
  commands: readonly CommandSpec[]
  shortcuts: readonly Shortcut[]
  /** Values for an option that begin like what was typed, at most 25. Never rejects. */
  complete(asked: {
    account: AccountId
    command: string
    word: string
    typed: string
  }): Promise<string[]>
  /** Open cases, and what waits for this person. Never rejects. */
  home(account: AccountId): Promise<Message>
}
