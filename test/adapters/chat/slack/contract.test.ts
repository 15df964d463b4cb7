import pino from 'pino'
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest'
import { createSlackChat } from '#adapters/chat/slack/createSlackChat.ts'
import type { SlackOptions } from '#adapters/chat/slack/options.ts'
import { type ChatHarness, testChat } from '#test/contract/chat.ts'
import { type SlackPeer, slackTokens, startSlackPeer } from '#test/support/slackPeer.ts'

let peer: SlackPeer

beforeAll(async () => {
  peer = await startSlackPeer()
}, 20_000)

afterAll(async () => {
  await peer.close()
})

afterEach(() => {
  expect(peer.proxy.problems.splice(0)).toEqual([])
})

testChat('Slack over its socket', () => createHarness('socket'))
testChat('Slack over HTTP', () => createHarness('http'))

async function createHarness(via: 'socket' | 'http'): Promise<ChatHarness> {
  await peer.control('/reset', {})
  const { botToken, appToken, signingSecret } = slackTokens
  const transport: SlackOptions['transport'] =
    via === 'socket'
      ? { kind: 'socket', appToken }
      : { kind: 'http', signingSecret, port: peer.eventsPort }
  const chat = createSlackChat({
    tokens: { kind: 'one', botToken: via === 'socket' ? botToken : `${botToken}-http` },
    transport,
    apiUrl: peer.apiUrl,
    log: pino({ level: 'silent' }),
  })
  let shown = ''
  const look = setInterval(() => {
    peer.seen().then(
      (text) => {
        shown = text
      },
      () => undefined,
    )
  }, 20)
  let line: Promise<unknown> = Promise.resolve()
  return {
    chat: {
      ...chat,
      listen(handler, desk) {
        chat.listen(handler, desk)
        line = line.then(() => untilHeard(via))
      },
    },
    channel: 'slack:C01ALERTS',
    say(text) {
      const typed = text.trim().replace(/^\/posse\s*/, '')
      line = line.then(() => peer.type(typed, { via }))
      return line
    },
    seen: () => shown,
    async close() {
      clearInterval(look)
      await vi.waitFor(async () => expect(await isConnected()).toBe(false))
    },
  }
}

async function isConnected(): Promise<boolean> {
  const { apps } = await peer.readUi()
  return apps.some((app: { connected: boolean }) => app.connected)
}

/** Until a command would reach the app, or it is clear that none will. */
async function untilHeard(via: 'socket' | 'http'): Promise<void> {
  for (let tries = 0; tries < 40; tries += 1) {
    if (via === 'socket') {
      if (await isConnected()) return
    } else {
      const isUp = await fetch(`http://127.0.0.1:${peer.eventsPort}/`).then(
        () => true,
        () => false,
      )
      if (isUp) return
    }
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
