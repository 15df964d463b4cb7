import type { Context } from '#src/context.ts'
import type { ChannelId } from '#types/chat.ts'
import type { ChannelSettings } from '#types/standing.ts'

/** How a channel wants it: as its people have set it, else as the house's routes say, else in full and in threads. */
export function settingsOf(
  { standing, house }: Pick<Context, 'standing' | 'house'>,
  channel: ChannelId,
): ChannelSettings {
  const route = house.routes.find((each) => each.channel === channel)
  return (
    standing.channel.get(channel) ?? {
      channel,
      form: route?.form ?? 'full',
      layout: route?.layout ?? 'thread',
      digest: 'daily',
      timeZone: null,
    }
  )
}
