import { type Installation, type InstallationStore, type Logger, webApi } from '@slack/bolt'
import { ChatRefusedError } from '#errors/chat.ts'
import { openText, sealText } from '#utils/sealText.ts'
import type { SlackOptions } from './options.ts'

/** Slack answers within this time or is asked again later. */
export const timeoutMs = 10_000

export type Clients = {
  /** @throws ChatRefusedError where the workspace has not installed the app */
  clientOf(team: string | null): Promise<webApi.WebClient>
  tokenOf(team: string | null): Promise<string>
  /** Where workspaces install the app. */
  installations: InstallationStore | null
}

/** Who talks to Slack: with the token of one workspace, or with that of whichever one is meant. */
export function createClients(
  { tokens, apiUrl }: Pick<SlackOptions, 'tokens' | 'apiUrl'>,
  { logger }: { logger: Logger },
): Clients {
  const clients = new Map<string, webApi.WebClient>()
  const installations = tokens.kind === 'many' ? createInstallations(tokens) : null

  async function tokenOf(team: string | null): Promise<string> {
    if (tokens.kind === 'one') return tokens.botToken
    const sealed = team === null ? undefined : await tokens.vault.read(team)
    if (sealed === undefined) {
      throw new ChatRefusedError({
        channel: `slack:${team ?? ''}`,
        scope: 'channel',
        reason: 'that workspace has not installed the app',
        hint: 'Open /slack/install of this installation in a browser.',
      })
    }
    return readToken(sealed, { key: tokens.key, team })
  }

  return {
    installations,
    tokenOf,
    async clientOf(team) {
      const token = await tokenOf(team)
      const known = clients.get(token)
      if (known) return known
      const client = new webApi.WebClient(token, clientOptions({ apiUrl, logger }))
      clients.set(token, client)
      return client
    },
  }
}

/** One attempt, whose outcome is told: trying again is decided elsewhere. */
export function clientOptions({
  apiUrl,
  logger,
}: {
  apiUrl: string | undefined
  logger: Logger
}): webApi.WebClientOptions {
  return {
    ...(apiUrl !== undefined && { slackApiUrl: apiUrl }),
    logger,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
  }
}

function readToken(sealed: string, { key, team }: { key: string; team: string | null }): string {
  try {
    const installation: Installation = JSON.parse(openText(sealed, keyOf(key)))
    return installation.bot?.token ?? ''
  } catch {
    throw new ChatRefusedError({
      channel: `slack:${team ?? ''}`,
      scope: 'channel',
      reason: 'its token does not open with the key of the settings',
      hint: 'Put the former key back, or open /slack/install there again.',
    })
  }
}

function createInstallations({
  key,
  vault,
}: Extract<SlackOptions['tokens'], { kind: 'many' }>): InstallationStore {
  const teamOf = (given: { teamId?: string | undefined; team?: { id: string } | undefined }) =>
    given.teamId ?? given.team?.id ?? ''
  return {
    async storeInstallation(installation) {
      const team = teamOf({ team: installation.team })
      await vault.write(team, sealText(JSON.stringify(installation), keyOf(key)))
    },
    async fetchInstallation({ teamId }) {
      const sealed = await vault.read(teamOf({ teamId }))
      if (sealed === undefined) throw new Error('That workspace has not installed the app.')
      return JSON.parse(openText(sealed, keyOf(key)))
    },
    async deleteInstallation({ teamId }) {
      await vault.remove(teamOf({ teamId }))
    },
  }
}

function keyOf(hex: string): Buffer {
  return Buffer.from(hex, 'hex')
}
