import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkChats } from '#src/main/doctor/checkChats.ts'
import {
  type DiscordPeer,
  discordChannels,
  discordToken,
  startDiscordPeer,
} from '#test/support/discordPeer.ts'
import { type SlackPeer, slackTokens, startSlackPeer } from '#test/support/slackPeer.ts'

let slack: SlackPeer
let discord: DiscordPeer

beforeAll(async () => {
  const [first, second] = await Promise.all([startSlackPeer(), startDiscordPeer()])
  slack = first
  discord = second
}, 30_000)

afterAll(async () => {
  await Promise.all([slack.close(), discord.close()])
})

const limitMs = 5_000

const settingsOf = ({ token = discordToken, home = discordChannels[0] ?? '' } = {}) => ({
  slack: {
    tokens: { kind: 'one' as const, botToken: slackTokens.botToken },
    transport: { kind: 'socket' as const, appToken: slackTokens.appToken },
    home: 'C01ALERTS',
    apiUrl: slack.apiUrl,
  },
  discord: { token, home, guilds: [discord.guild], apiUrl: discord.apiUrl },
})

describe('posse doctor on chats', () => {
  test('default: the terminal alone', async () => {
    expect(await checkChats({ slack: null, discord: null }, { limitMs })).toEqual([
      { about: 'Terminal', state: 'ok', text: 'this one' },
    ])
  })

  test('behavior: says as whom it speaks, and where', async () => {
    const [, first, second] = await checkChats(settingsOf(), { limitMs })
    expect(first).toEqual({ about: 'Slack', state: 'ok', text: '@posse in Test, by a socket' })
    expect(second).toMatchObject({ about: 'Discord', state: 'ok' })
  })

  test('error: a token that is wrong, a channel that is not there, a chat that is down', async () => {
    discord.proxy.fail({ match: /users\/@me/, kind: 'broken', status: 401 })
    const wrong = await checkChats(settingsOf({ token: 'another-token-of-nobody' }), { limitMs })
    expect(wrong[2]).toMatchObject({
      state: 'fail',
      advice: 'Put a valid token into the settings and start again',
    })
    expect(JSON.stringify(wrong)).not.toContain('another-token-of-nobody')
    const gone = await checkChats(settingsOf({ home: '499999999999999999' }), { limitMs })
    expect(gone[2]).toMatchObject({
      state: 'fail',
      text: 'Nothing reaches "discord:499999999999999999": Discord says Unknown Channel (10003)',
    })
    slack.proxy.state.isDown = true
    const [, down] = await checkChats(settingsOf(), { limitMs })
    expect(down).toMatchObject({
      state: 'fail',
      text: 'Slack could not be reached',
      retryable: true,
    })
    slack.proxy.state.isDown = false
  })
})
