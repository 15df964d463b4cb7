import type { Desk } from './desk.ts'
import type { AccountId } from './member.ts'
import type { Message, Reply } from './message.ts'

/**
 * Where people talk: the name of a chat, and behind a colon what the platform calls the channel: `slack:C024BE91L`. With
 * an `@` behind the colon it is a person, who is told directly: `slack:@U024BE7LH`.
 */
export type ChannelId = string

/** A command as a person typed it, the `/posse` before it taken off. */
export type CommandCall = {
  text: string
  /** Options of a command that came in a form, by their words; `text` is then its name alone. */
  given?: Record<string, string>
  /** `id` is an account: `terminal`, `slack:U024BE7LH`. The name is anybody's text. */
  user: { id: AccountId; name: string }
  channel: ChannelId
}

/** What a chat was given for a posted message, to edit it later. */
export type MessageRef = string

/** Where a message goes. */
export type Place = { channel: ChannelId; thread?: MessageRef }

/** How a message is posted. */
export type Posting = Place & {
  /** The same for every attempt to post the same message in a channel: it must not show up twice. */
  key?: string
  /** It may have been posted before: the chat looks for it, or relies on what the platform does about the key. */
  isRepeat?: boolean
  /** A role or user group of the platform that is called by it, `slack:S024BE7LH`: the only mention there ever is. */
  page?: string
}

/** How much a chat takes. */
export type Pace = {
  /** Between two messages of a channel, edits among them, in milliseconds. */
  channelMs: number
  /** Between two edits anywhere in the chat, in milliseconds. */
  editMs: number
}

/** A place where people talk. Every adapter in `adapters/chat` makes one. */
export type Chat = {
  name: string
  /** A channel that hears everything until it says otherwise. */
  home?: ChannelId
  /** Where there is one, of many revisions that wait only the last is shown. @default everything, at once */
  pace?: Pace
  /** Messages can stand under others: the hops behind a card go there. @default false */
  hasThreads?: boolean
  /**
   * `thread` is the message under which it belongs, where the chat has such a thing.
   * @throws ChatBusyError, ChatRefusedError, or anything else where it may or may not have been posted
   */
  post(message: Message, posting: Posting): Promise<MessageRef>
  /**
   * Shows a message as it is now; a chat that cannot edit posts what it has become. Answers where it stands from then on.
   * @throws ChatBusyError, ChatRefusedError
   */
  edit(ref: MessageRef, message: Message, posting: Posting): Promise<MessageRef>
  /** Makes a channel, or a thread of the channel `near`. */
  openRoom?(
    name: string,
    options: { near: ChannelId; kind: 'channel' | 'thread' },
  ): Promise<ChannelId>
  /** Hands on commands as people type them, one after the other. The answer never rejects. */
  listen(handler: (call: CommandCall) => Promise<Reply>, desk?: Desk): void
  /** Waits until what was typed so far is answered, and takes no more. */
  stop(): Promise<void>
}
