import type { ChannelId, Chat } from '#types/chat.ts'
import type { Delivery } from '#types/store.ts'

/** The way of messages into one chat: what it takes when, and what keeps it from taking anything. Times are milliseconds. */
export type Lane = {
  chat: Chat
  clock(): number
  /** When a channel takes its next message, and when it took its last one. */
  freeAt: Map<ChannelId, number>
  servedAt: Map<ChannelId, number>
  /** When the chat takes its next edit, and anything at all. */
  editsFreeAt: number
  openAt: number
  /** Messages that say what takes nothing, by the channel, or by `*` for the whole chat. */
  stuck: Map<string, Stuck>
}

/** What somebody was told of a channel that takes nothing. */
export type Stuck = { id: string; channels: readonly ChannelId[] }

export function createLane(chat: Chat, { clock = Date.now }: { clock?: () => number } = {}): Lane {
  return {
    chat,
    clock,
    freeAt: new Map(),
    servedAt: new Map(),
    editsFreeAt: 0,
    openAt: 0,
    stuck: new Map(),
  }
}

/** When a channel may get a message. Edits that nobody must see at once let all others go first. */
export function freeAt(
  lane: Lane,
  channel: ChannelId,
  { ref, message }: Pick<Delivery, 'ref' | 'message'>,
): number {
  const free = Math.max(lane.openAt, lane.freeAt.get(channel) ?? 0)
  if (ref === null) return free
  const courtesy = message.isQuiet ? (lane.chat.pace?.editMs ?? 0) : 0
  return Math.max(free, lane.editsFreeAt + courtesy)
}

/** Takes the place of a message in the chat's pace. */
export function takeSlot(lane: Lane, channel: ChannelId, { isEdit }: { isEdit: boolean }): void {
  const { pace } = lane.chat
  const now = lane.clock()
  lane.servedAt.set(channel, now)
  if (!pace) return
  lane.freeAt.set(channel, now + pace.channelMs)
  if (isEdit) lane.editsFreeAt = now + pace.editMs
}

/** Channels in turn, whoever waited longest first. */
export function inTurn(lane: Lane, channels: readonly ChannelId[]): ChannelId[] {
  const served = (channel: ChannelId) => lane.servedAt.get(channel) ?? 0
  return [...channels].sort((a, b) => served(a) - served(b))
}
