import pino from 'pino'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { createDiscordChat } from '#adapters/chat/discord/createDiscordChat.ts'
import { type ChatHarness, testChat } from '#test/contract/chat.ts'
import {
  type DiscordPeer,
  discordChannels,
  discordToken,
  startDiscordPeer,
} from '#test/support/discordPeer.ts'
import type { CommandSpec, OptionSpec } from '#types/desk.ts'

let peer: DiscordPeer
let channels: string[] = []

beforeAll(async () => {
  peer = await startDiscordPeer()
  channels = [...discordChannels]
}, 20_000)

afterAll(async () => {
  await peer.close()
})

afterEach(() => {
  expect(peer.proxy.problems.splice(0)).toEqual([])
})

const number: OptionSpec = {
  word: 'number',
  description: 'A number.',
  isRequired: false,
  isLong: false,
  values: [],
  isCompleted: false,
}

const spec = (name: string): CommandSpec => ({
  name,
  group: name.split(' ', 1)[0] ?? name,
  description: 'A command of the tests.',
  isPublic: true,
  options: [number],
})

/** What the lines of the contract are in Discord, where nobody types a line. */
const specs = ['help', 'throw', 'reject', 'case list', 'freeze approve'].map(spec)

testChat('Discord', async (): Promise<ChatHarness> => {
  const channel = channels.shift() ?? ''
  const chat = createDiscordChat({
    token: discordToken,
    apiUrl: peer.apiUrl,
    log: pino({ level: 'silent' }),
  })
  let shown = ''
  const look = setInterval(() => {
    peer.seen(channel).then(
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
      listen(handler) {
        const heard = peer.proxy.requests.length
        chat.listen(
          ({ text, given = {}, ...call }) =>
            handler({ ...call, text: [text, ...Object.values(given)].join(' ') }),
          {
            commands: specs,
            shortcuts: [],
            complete: async () => [],
            home: async () => ({ title: 'Home', sections: [] }),
          },
        )
        line = line.then(() => untilReady(heard))
      },
    },
    channel: `discord:${channel}`,
    say(text) {
      const [, ...words] = text.trim().split(/\s+/)
      const name =
        specs.find((each) => each.name === words.slice(0, 2).join(' '))?.name ?? words[0] ?? ''
      const rest = words.slice(name.split(' ').length)
      const given: Record<string, string> = rest[0] === undefined ? {} : { number: rest[0] }
      line = line.then(() => peer.run(name, given, { channel }))
      return line
    },
    seen: () => shown,
    async close() {
      clearInterval(look)
    },
  }
})

/** Until the bot has asked which commands are known, which it does once it is ready. */
async function untilReady(heard: number): Promise<void> {
  for (let tries = 0; tries < 80; tries += 1) {
    const later = peer.proxy.requests.slice(heard)
    if (later.some(({ path }) => /\/guilds\/\d+\/commands$/.test(path))) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
