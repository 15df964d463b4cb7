import { createHmac, randomBytes } from 'node:crypto'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createSlackChat } from '#adapters/chat/slack/createSlackChat.ts'
import type { Vault } from '#adapters/chat/slack/options.ts'
import type { ProxiedAnswer, ProxiedRequest } from '#test/support/faultProxy.ts'
import { type SlackPeer, slackTokens, startSlackPeer } from '#test/support/slackPeer.ts'
import type { Chat } from '#types/chat.ts'
import { openText, sealText } from '#utils/sealText.ts'

const client = {
  kind: 'many' as const,
  clientId: '1.2',
  clientSecret: 'client-secret-of-nobody',
  stateSecret: 'state-secret-of-nobody',
  key: randomBytes(32).toString('hex'),
}
const botToken = `${slackTokens.botToken}-http`
const place = { channel: 'slack:T01TEST.C01ALERTS' }

let peer: SlackPeer
let chat: Chat
let kept: Map<string, string>
let log: string[]

/** What Slack answers when the code of an installation is given to it. */
function answer({ path }: ProxiedRequest): ProxiedAnswer | null {
  if (!path.startsWith('/api/oauth.v2.access')) return null
  const body = {
    ok: true,
    app_id: 'A02HTTP',
    authed_user: { id: 'U01ANN' },
    scope: 'commands,chat:write',
    token_type: 'bot',
    access_token: botToken,
    bot_user_id: 'U0HTTP',
    team: { id: 'T01TEST', name: 'Test' },
    is_enterprise_install: false,
  }
  const headers = { 'content-type': 'application/json' }
  return { status: 200, headers, body: JSON.stringify(body) }
}

beforeEach(async () => {
  peer = await startSlackPeer({ answer })
  kept = new Map()
  log = []
  const vault: Vault = {
    read: async (team) => kept.get(team),
    write: async (team, sealed) => void kept.set(team, sealed),
    remove: async (team) => void kept.delete(team),
  }
  chat = createSlackChat({
    tokens: { ...client, vault },
    transport: {
      kind: 'http',
      signingSecret: slackTokens.signingSecret,
      port: peer.eventsPort,
    },
    apiUrl: peer.apiUrl,
    log: pino({ level: 'trace' }, { write: (line: string) => log.push(line) }),
  })
  chat.listen(async ({ user, channel }) => ({ title: `${user.id} in ${channel}`, sections: [] }))
  await vi.waitFor(async () => expect((await fetch(site())).status).toBe(404), 5_000)
})

afterEach(async () => {
  await chat.stop()
  await peer.close()
  for (const secret of [botToken, client.clientSecret, client.stateSecret, client.key]) {
    expect(log.join('\n')).not.toContain(secret)
  }
})

const site = () => `http://127.0.0.1:${peer.eventsPort}`

async function install(): Promise<void> {
  const page = await fetch(`${site()}/slack/install`)
  const state = /state=([\w.-]+)/.exec(await page.text())?.[1] ?? ''
  const cookie = page.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  const back = `${site()}/slack/oauth_redirect?code=1&state=${state}`
  expect((await fetch(back, { headers: { cookie } })).status).toBe(200)
}

/** An event as Slack signs it. */
async function send(event: object): Promise<number> {
  const body = JSON.stringify({
    type: 'event_callback',
    team_id: 'T01TEST',
    event_id: JSON.stringify(event),
    event,
  })
  const timestamp = String(Math.floor(Date.now() / 1000))
  const hash = createHmac('sha256', slackTokens.signingSecret)
    .update(`v0:${timestamp}:${body}`)
    .digest('hex')
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${hash}`,
  }
  return (await fetch(`${site()}/slack/events`, { method: 'POST', headers, body })).status
}

describe('several workspaces', () => {
  test('behavior: a workspace installs the app, is served, and its token is kept sealed', async () => {
    await expect(chat.post({ title: 'too early', sections: [] }, place)).rejects.toThrow(
      'that workspace has not installed the app',
    )
    await install()
    expect([...kept.keys()]).toEqual(['T01TEST'])
    expect(kept.get('T01TEST')).not.toContain(botToken)
    expect(openText(kept.get('T01TEST') ?? '', Buffer.from(client.key, 'hex'))).toContain(botToken)
    await chat.post({ title: 'installed', sections: [] }, place)
    expect(await peer.seen()).toBe('installed')
    await peer.type('who', { via: 'http' })
    await expect
      .poll(() => peer.seen())
      .toContain('slack:T01TEST.U01ANN in slack:T01TEST.C01ALERTS')
  })

  test('error: a token that was sealed with another key says what to do', async () => {
    kept.set('T01TEST', sealText('{}', randomBytes(32)))
    await expect(chat.post({ title: 'a', sections: [] }, place)).rejects.toThrow(
      'its token does not open with the key of the settings',
    )
  })

  test('behavior: the token of a workspace that removes the app is dropped', async () => {
    await install()
    await send({ type: 'tokens_revoked', tokens: { oauth: ['U01ANN'], bot: [] } })
    expect(kept.size).toBe(1)
    expect(await send({ type: 'app_uninstalled' })).toBe(200)
    await vi.waitFor(() => expect(kept.size).toBe(0))
  })
})

test('behavior: what was sealed opens with its key alone, and unchanged', () => {
  const key = randomBytes(32)
  const sealed = sealText('a token', key)
  expect(openText(sealed, key)).toBe('a token')
  expect(() => openText(sealed, randomBytes(32))).toThrow()
  const bytes = Buffer.from(sealed, 'base64')
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  expect(() => openText(bytes.toString('base64'), key)).toThrow()
})
