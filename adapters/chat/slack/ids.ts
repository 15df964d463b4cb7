import type { ChannelId } from '#types/chat.ts'
import type { AccountId } from '#types/member.ts'

/** What Slack calls a channel or a person, and in which workspace where there are several. */
export type SlackId = { team: string | null; id: string; isDirect: boolean }

/** `slack:C024BE91L`; where there are several workspaces `slack:T024BE7LD.C024BE91L`; a person `slack:@U024BE7LH`. */
export function readId(channel: ChannelId): SlackId {
  const text = channel.replace(/^slack:/, '')
  const isDirect = text.startsWith('@')
  const bare = isDirect ? text.slice(1) : text
  const [first = '', second] = bare.split('.')
  if (second === undefined) return { team: null, id: first, isDirect }
  return { team: first, id: second, isDirect }
}

/** The name that Posse has for a channel or an account. */
export function writeId(id: string, team: string | null): ChannelId | AccountId {
  return team === null ? `slack:${id}` : `slack:${team}.${id}`
}
