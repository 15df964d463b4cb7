import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js'
import { ChatBusyError, ChatRefusedError } from '#errors/chat.ts'
import { UserError } from '#errors/userError.ts'

/** What Discord says where a channel takes nothing, and what a person does about it. */
const closed = new Map<number | string, string>([
  [10003, 'Subscribe another channel: this one is gone.'],
  [10004, 'Invite the bot to the server again: posse discord invite.'],
  [50001, 'Give the bot the permission View Channel there.'],
  [50007, 'The person takes no direct messages of this server.'],
  [50013, 'Give the bot Send Messages, Send Messages in Threads and Embed Links there.'],
  [50083, 'Open the thread again, or subscribe another channel.'],
  [160005, 'Unlock the thread, or subscribe another channel.'],
])

/** An error of Discord as Posse knows it. Nothing of the request is in it: that holds a token. */
export function describeFailure(error: unknown, channel: string): Error {
  if (error instanceof UserError) return error
  if (error instanceof RateLimitError) {
    // discord.js adds a twentieth of a second to what Discord says.
    const retryAfterSeconds = Math.max(1, Math.ceil(error.retryAfter / 1000 - 0.06))
    return new ChatBusyError({ chat: 'discord', retryAfterSeconds })
  }
  if (error instanceof DiscordAPIError) {
    const { status, code } = error
    const reason = `Discord says ${error.message.split('\n', 1)[0]} (${code})`
    if (status === 401) {
      const hint = 'Put a valid token into the settings and start again.'
      return new ChatRefusedError({ channel: 'discord', scope: 'chat', reason, hint })
    }
    const hint = closed.get(code)
    if (hint) return new ChatRefusedError({ channel, scope: 'channel', reason, hint })
    return new Error(`Discord refused a message: ${code}.`)
  }
  if (error instanceof HTTPError) return new Error(`Discord answered with ${error.status}.`)
  if (error instanceof Error && error.name === 'AbortError') {
    return new Error('Discord did not answer in time.')
  }
  return error instanceof Error && !('url' in error)
    ? new Error(`Discord could not be reached: ${error.name}.`)
    : new Error('Discord could not be reached.')
}

/** The code of an error of Discord's; 0 where it is another one. */
export function codeOf(error: unknown): number {
  return error instanceof DiscordAPIError ? Number(error.code) : 0
}
