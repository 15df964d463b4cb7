import type { Message, Reply } from './message.ts'

/** A command as a person typed it, the `/posse` before it taken off. */
export type CommandCall = {
  text: string
  user: { id: string; name: string }
}

/** What a chat was given for a posted message, to edit it later. */
export type MessageRef = string

/** A place where people talk. Every adapter in `adapters/chat` makes one. */
export type Chat = {
  name: string
  post(message: Message): Promise<MessageRef>
  /** Shows a message as it is now; a chat that cannot edit posts what it has become. */
  edit(ref: MessageRef, message: Message): Promise<void>
  /** Hands on commands as people type them, one after the other. The answer never rejects. */
  listen(handler: (call: CommandCall) => Promise<Reply>): void
  /** Waits until what was typed so far is answered, and takes no more. */
  stop(): Promise<void>
}
