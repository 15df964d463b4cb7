import { probeDiscord } from '#adapters/chat/discord/probeDiscord.ts'
import { probeSlack } from '#adapters/chat/slack/probeSlack.ts'
import type { Settings } from '#config/settings.ts'
import { UserError } from '#errors/userError.ts'
import { type Check, failedCheck, withLimit } from './check.ts'

/** Whether the chats of the settings take what is said in them; the terminal always does. */
export async function checkChats(
  { slack, discord }: Pick<Settings, 'slack' | 'discord'>,
  { limitMs }: { limitMs: number },
): Promise<Check[]> {
  const terminal: Check = { about: 'Terminal', state: 'ok', text: 'this one' }
  const found = await Promise.all([
    slack ? look('Slack', describeSlack(slack), limitMs) : [],
    discord ? look('Discord', describeDiscord(discord), limitMs) : [],
  ])
  return [terminal, ...found.flat()]
}

async function describeSlack(slack: NonNullable<Settings['slack']>): Promise<string> {
  const { tokens, transport, home, apiUrl } = slack
  if (tokens.kind === 'many') {
    return 'several workspaces: each is looked at when something is said there'
  }
  const { bot, workspace } = await probeSlack(
    {
      botToken: tokens.botToken,
      ...(transport.kind === 'socket' && { appToken: transport.appToken }),
      ...(home !== undefined && { home }),
    },
    { ...(apiUrl !== undefined && { apiUrl }) },
  )
  const way = transport.kind === 'socket' ? 'by a socket' : `by requests to port ${transport.port}`
  return `@${bot} in ${workspace}, ${way}`
}

async function describeDiscord(discord: NonNullable<Settings['discord']>): Promise<string> {
  return `the bot ${await probeDiscord(discord)}`
}

async function look(about: string, text: Promise<string>, limitMs: number): Promise<Check[]> {
  const advice = 'look at the network, then run this again'
  const late: Check = { about, state: 'fail', text: 'it does not answer', advice, retryable: true }
  const task = text.then(
    (said): Check => ({ about, state: 'ok', text: said }),
    (error: unknown): Check => {
      if (error instanceof UserError) return failedCheck(about, error)
      const said = error instanceof Error ? error.message.replace(/\.$/, '') : 'it cannot be asked'
      return { about, state: 'fail', text: said, advice, retryable: true }
    },
  )
  return [await withLimit(task, { limitMs, late })]
}
