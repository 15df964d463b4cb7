import { InvalidPageError } from '#errors/channel.ts'
import type { ChannelId } from '#types/chat.ts'

/**
 * A role or user group as a platform writes a mention of it, or by its id: `<@&80351110224678912>`,
 * `<!subteam^S024BE7LH|@oncall>`, `slack:S024BE7LH`. It must be of the platform of the channel in which it is called.
 * @throws InvalidPageError
 */
export function parsePage(text: string, channel: ChannelId): string {
  const [chat = ''] = channel.split(':', 1)
  const [, discord] = /^(?:<@&|discord:)(\d{1,20})>?$/.exec(text.trim()) ?? []
  const [, slack] =
    /^(?:<!subteam\^|slack:)(S[A-Z0-9]{1,20})(?:\|[^>]*)?>?$/i.exec(text.trim()) ?? []
  if (discord && chat === 'discord') return `discord:${discord}`
  if (slack && chat === 'slack') return `slack:${slack.toUpperCase()}`
  throw new InvalidPageError({ text, chat })
}
