import type { ChannelId } from '#types/chat.ts'
import type { AccountId } from '#types/member.ts'

/** Where a person is told directly; `null` for whoever sits at the terminal. */
export function directOf(account: AccountId): ChannelId | null {
  const [, chat, id] = /^([a-z]+):(.+)$/.exec(account) ?? []
  return chat && id ? `${chat}:@${id}` : null
}
