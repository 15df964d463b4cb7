import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readSettings, type Settings } from '#config/settings.ts'
import { UserError } from '#errors/userError.ts'

const folder = mkdtempSync(join(tmpdir(), 'posse-'))
afterAll(() => rmSync(folder, { recursive: true }))

const env = {
  SLACK_BOT_TOKEN: 'xoxb-1-of-nobody',
  SLACK_APP_TOKEN: 'xapp-1-of-nobody',
  SLACK_SIGNING_SECRET: 'signing-secret-of-nobody',
  DISCORD_TOKEN: 'a-discord-token-of-nobody',
  POSSE_KEY: 'ab'.repeat(32),
}

function read(chats: object): Settings {
  const file = join(folder, 'posse.config.json')
  const base = {
    database: 'posse.sqlite',
    chains: [{ id: 'eip155:1', rpc: [{ url: 'https://node.example/' }] }],
  }
  writeFileSync(file, JSON.stringify({ ...base, ...chats }))
  return readSettings(file, env)
}

function faultOf(chats: object): string {
  try {
    read(chats)
  } catch (error) {
    if (error instanceof UserError) return error.message.replace(/^.* has (?:a|\d+) faults?: /, '')
    throw error
  }
  return 'no fault'
}

/** How a variable stands in the file. */
const from = (name: keyof typeof env) => `\${${name}}`

const oauth = {
  clientId: '123.456',
  clientSecret: 'client-secret-of-nobody',
  stateSecret: 'state-secret-of-nobody',
  key: from('POSSE_KEY'),
  signingSecret: from('SLACK_SIGNING_SECRET'),
  port: 3000,
}

describe('settings of chats', () => {
  test('default: none', () => {
    expect(read({})).toMatchObject({ slack: null, discord: null })
  })

  test('behavior: Slack by a socket, by HTTP, and for several workspaces', () => {
    const botToken = from('SLACK_BOT_TOKEN')
    expect(
      read({ slack: { botToken, appToken: from('SLACK_APP_TOKEN'), home: 'C1' } }).slack,
    ).toEqual({
      tokens: { kind: 'one', botToken: env.SLACK_BOT_TOKEN },
      transport: { kind: 'socket', appToken: env.SLACK_APP_TOKEN },
      home: 'C1',
    })
    const http = { botToken, signingSecret: from('SLACK_SIGNING_SECRET'), port: 3000 }
    expect(read({ slack: http }).slack?.transport).toEqual({
      kind: 'http',
      signingSecret: env.SLACK_SIGNING_SECRET,
      port: 3000,
    })
    expect(read({ slack: oauth }).slack?.tokens.kind).toBe('many')
  })

  test('behavior: Discord, in all servers or in some', () => {
    const token = from('DISCORD_TOKEN')
    expect(read({ discord: { token, guilds: ['300000000000000001'] } }).discord).toEqual({
      token: env.DISCORD_TOKEN,
      guilds: ['300000000000000001'],
    })
  })

  test('behavior: tokens and keys are secrets, also those written into the file', () => {
    const { secrets } = read({ slack: oauth, discord: { token: 'written-into-the-file' } })
    for (const secret of [
      env.POSSE_KEY,
      env.SLACK_SIGNING_SECRET,
      oauth.clientSecret,
      oauth.stateSecret,
      'written-into-the-file',
    ]) {
      expect(secrets).toContain(secret)
    }
  })

  test('error: what is missing or wrong is named, and no secret said', () => {
    expect(faultOf({ slack: {} })).toMatchInlineSnapshot(
      `"slack.botToken is missing: name botToken, or clientId, clientSecret, stateSecret and key together."`,
    )
    expect(faultOf({ slack: { botToken: 'xoxp-12345' } })).toMatchInlineSnapshot(
      `"slack.botToken is not of that form (it is not shown, being a secret): write the bot token, such as "\${SLACK_BOT_TOKEN}" (xoxb-...)."`,
    )
    expect(faultOf({ slack: { botToken: from('SLACK_BOT_TOKEN') } })).toMatchInlineSnapshot(
      `"slack.appToken is missing: name appToken for Socket Mode, or signingSecret and port for HTTP."`,
    )
    expect(
      faultOf({ slack: { botToken: from('SLACK_BOT_TOKEN'), signingSecret: '12345678' } }),
    ).toMatchInlineSnapshot(
      `"slack.port is missing: name appToken for Socket Mode, or signingSecret and port for HTTP."`,
    )
    expect(faultOf({ slack: { ...oauth, key: 'short' } })).toMatchInlineSnapshot(
      `"slack.key is not of that form (it is not shown, being a secret): write a key of 64 hex digits, made by "openssl rand -hex 32", such as "\${POSSE_KEY}"."`,
    )
    const { signingSecret: _secret, port: _port, ...socket } = oauth
    expect(
      faultOf({ slack: { ...socket, appToken: from('SLACK_APP_TOKEN') } }),
    ).toMatchInlineSnapshot(
      `"slack.signingSecret is missing: several workspaces need signingSecret and port, no appToken."`,
    )
    expect(faultOf({ discord: { token: 'short' } })).toMatchInlineSnapshot(
      `"discord.token is not of that form (it is not shown, being a secret): write the bot token, such as "\${DISCORD_TOKEN}"."`,
    )
    expect(
      faultOf({ discord: { token: from('DISCORD_TOKEN'), guilds: ['x'] } }),
    ).toMatchInlineSnapshot(
      `"discord.guilds[0] is "x": write the id as Discord copies it, such as "80351110224678912"."`,
    )
  })
})
