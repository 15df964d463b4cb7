import type { webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import type { CommandCall } from '#types/chat.ts'
import type { Desk, Shortcut } from '#types/desk.ts'
import type { Talk } from '#utils/createTalk.ts'
import type { Answer } from './answerCall.ts'
import { describeFailure } from './describeFailure.ts'
import { writeId } from './ids.ts'
import type { FormPlace } from './modal.ts'

/** What taking commands needs. */
export type Taking = {
  talk: Talk
  desk: Desk | null
  log: Logger
  /** Whether ids must say which workspace they are of. */
  hasTeams: boolean
  /** Drops the tokens of a workspace. */
  forget(team: string): Promise<void>
}

/** What Slack calls a message shortcut of ours. */
export function shortcutId({ id }: Pick<Shortcut, 'id'>): string {
  return `posse_${id}`
}

/** The workspace, where there are several. */
export function teamOf({ hasTeams }: Taking, team: string | undefined): string | null {
  return hasTeams ? (team ?? null) : null
}

/** A command as the core takes it. */
export function callOf({
  team,
  userTeam = team,
  text,
  user,
  name,
  channel,
}: {
  team: string | null
  /** Of somebody of another workspace in a shared channel. @default that of the channel */
  userTeam?: string | null
  text: string
  user: string
  name: string
  channel: string
}): CommandCall {
  return withoutPrefix({
    text: text.trim(),
    user: { id: writeId(user, userTeam), name },
    channel: channel.startsWith('@')
      ? `slack:@${writeId(channel.slice(1), team).slice(6)}`
      : writeId(channel, team),
  })
}

/** People type the name of the command again, in a mention and out of habit. */
export function withoutPrefix(call: CommandCall): CommandCall {
  return { ...call, text: call.text.replace(/^\/?posse(?:\s+|$)/i, '') }
}

export function toResponse({ isPrivate, text, blocks }: Answer) {
  return {
    response_type: isPrivate ? ('ephemeral' as const) : ('in_channel' as const),
    replace_original: false,
    text,
    blocks,
  }
}

/** Under a message, or to one person alone. */
export async function post(
  client: webApi.WebClient,
  { text, blocks, isPrivate }: Answer,
  { channel, thread, isThreadOpen, user }: FormPlace & { user: string },
): Promise<void> {
  // Slack shows what is for one person in a thread only where there is one already.
  const isUnder = thread !== undefined && (!isPrivate || isThreadOpen === true)
  const common = { channel, text, blocks, ...(isUnder && { thread_ts: thread }) }
  if (isPrivate && channel !== user) {
    try {
      await client.chat.postEphemeral({ ...common, user })
      return
    } catch {
      // Somebody of another channel, or a channel that is closed to the app: told directly.
      const direct = { channel: user, text, blocks }
      await client.chat.postMessage({ ...direct, unfurl_links: false, unfurl_media: false })
      return
    }
  }
  await client.chat.postMessage({ ...common, unfurl_links: false, unfurl_media: false })
}

/** An answer that cannot be given is no reason to stop taking others. */
export async function keep({ talk, log }: Taking, work: Promise<void>): Promise<void> {
  const done = work.catch((error: unknown) => {
    log.error({ err: describeFailure(error, 'slack') }, 'A command was not answered in Slack')
  })
  talk.keep(done)
  await done
}
