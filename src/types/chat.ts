import type { Message, Reply } from './message.ts'

/** Where people talk: the name of a chat, and behind a colon what the platform calls the channel: `slack:C024BE91L`. */
export type ChannelId = string

/** A command as a person typed it, the `/posse` before it taken off. */
export type CommandCall = {
  text: string
  /** `id` is an account: `terminal`, `slack:U024BE7LH`. The name is anybody's text. */
  user: { id: string; name: string }
  channel: ChannelId
}

/** What a chat was given for a posted message, to edit it later. */
export type MessageRef = string

/** Where a message goes. */
export type Place = { channel: ChannelId; thread?: MessageRef }

/** A place where people talk. Every adapter in `adapters/chat` makes one. */
export type Chat = {
  name: string
  /** A channel that hears everything until it says otherwise. */
  home?: ChannelId
  /** `thread` is the message under which it belongs, where the chat has such a thing. */
  post(message: Message, place: Place): Promise<MessageRef>
  /** Shows a message as it is now; a chat that cannot edit posts what it has become. */
  edit(ref: MessageRef, message: Message, place: Place): Promise<void>
  /** Hands on commands as people type them, one after the other. The answer never rejects. */
  listen(handler: (call: CommandCall) => Promise<Reply>): void
  /** Waits until what was typed so far is answered, and takes no more. */
  stop(): Promise<void>
}
