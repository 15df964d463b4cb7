import pino from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createDiscordChat } from '#adapters/chat/discord/createDiscordChat.ts'
import { ChatBusyError, ChatRefusedError } from '#errors/chat.ts'
import { shortcuts } from '#src/command/shortcuts.ts'
import {
  type DiscordPeer,
  discordChannels,
  discordPeople,
  discordToken,
  startDiscordPeer,
} from '#test/support/discordPeer.ts'
import type { Chat, CommandCall } from '#types/chat.ts'
import type { CommandSpec, Desk, OptionSpec } from '#types/desk.ts'
import type { Message, Reply } from '#types/message.ts'

const titled = (title: string): Message => ({ title, sections: [] })

let peer: DiscordPeer
let chat: Chat
let log: string[] = []
let id = ''
let channel = ''
const free = [...discordChannels]

beforeAll(async () => {
  peer = await startDiscordPeer()
}, 20_000)

afterAll(async () => {
  await peer.close()
})

beforeEach(() => {
  id = free.shift() ?? ''
  channel = `discord:${id}`
})

afterEach(async () => {
  await chat.stop()
  peer.proxy.state.isDoubling = false
  expect(peer.proxy.problems.splice(0)).toEqual([])
  expect(log.join('\n')).not.toContain(discordToken)
  expect(await peer.seenWithThreads(id)).not.toContain(discordToken)
  log = []
})

const option = (word: string, given: Partial<OptionSpec> = {}): OptionSpec => ({
  word,
  description: `The ${word}.`,
  isRequired: true,
  isLong: false,
  values: [],
  isCompleted: false,
  ...given,
})

const spec = (name: string, options: OptionSpec[] = []): CommandSpec => ({
  name,
  group: 'test',
  description: 'A command of the tests.',
  isPublic: name === 'help',
  options,
})

const desk: Desk = {
  commands: [
    spec('help'),
    spec('status'),
    spec('whois', [option('account')]),
    spec('flag', [
      option('address', { isCompleted: true }),
      option('kind', { values: ['exchange', 'mixer'] }),
      option('name'),
    ]),
  ],
  shortcuts,
  complete: async ({ command, word, typed, account }) => [
    `${command} ${word} ${typed} ${account}`.replaceAll(' ', '-'),
  ],
  home: async () => titled('home'),
}

async function open(
  handler: (call: CommandCall) => Promise<Reply> = async () => titled('an answer'),
): Promise<void> {
  chat = createDiscordChat({
    token: discordToken,
    apiUrl: peer.apiUrl,
    log: pino({ level: 'trace' }, { write: (line: string) => log.push(line) }),
  })
  const heard = peer.proxy.requests.length
  chat.listen(handler, desk)
  await vi.waitFor(
    () =>
      expect(
        peer.proxy.requests.slice(heard).some(({ path }) => /guilds\/\d+\/commands$/.test(path)),
      ).toBe(true),
    5_000,
  )
}

describe('what goes wrong in Discord', () => {
  test('behavior: a busy Discord is told as such, with its wait, and nothing is posted', async () => {
    await open()
    peer.proxy.fail({ match: /POST .*messages/, kind: 'busy', retryAfter: 7 })
    const failure = await chat.post(titled('later'), { channel, key: 'a' }).catch((error) => error)
    expect(failure).toBeInstanceOf(ChatBusyError)
    expect(failure.retryAfterSeconds).toBe(7)
    expect(await peer.messages(id)).toEqual([])
  })

  test('behavior: a post whose answer was lost is not posted again', async () => {
    await open()
    peer.proxy.fail({ match: /POST .*messages/, kind: 'lost', when: 'after' })
    const posting = { channel, key: 'the same' }
    await expect(chat.post(titled('once'), posting)).rejects.toThrow('could not be reached')
    const ref = await chat.post(titled('once'), { ...posting, isRepeat: true })
    expect((await peer.messages(id)).map((message) => `${id}/${message.id}`)).toEqual([ref])
  })

  test('behavior: what belongs under a message goes into its thread, made once', async () => {
    await open()
    const ref = await chat.post(titled('a card'), { channel, key: 'card' })
    await chat.post(titled('below'), { channel, thread: ref, key: 'below' })
    await chat.stop()
    await open()
    // Another process does not know that the thread is there.
    await chat.post(titled('below too'), { channel, thread: ref, key: 'below too' })
    const [, message = ''] = ref.split('/')
    const shown = await peer.seen(message)
    expect([shown.includes('below'), shown.includes('below too')]).toEqual([true, true])
    expect(await peer.messages(id)).toHaveLength(1)
  })

  test('behavior: a channel that is gone and a missing permission say who must do what', async () => {
    await open()
    const gone = await chat
      .post(titled('a'), { channel: 'discord:499999999999999999' })
      .catch((error) => error)
    expect(gone).toBeInstanceOf(ChatRefusedError)
    expect(gone.scope).toBe('channel')
    expect(`${gone.message} ${gone.hint}`).toBe(
      'Nothing reaches "discord:499999999999999999": Discord says Unknown Channel (10003). Subscribe another channel: this one is gone.',
    )
  })

  test('behavior: errors of the server fail, and say no secret', async () => {
    await open()
    peer.proxy.fail({ match: /POST .*messages/, kind: 'broken', status: 502 })
    await expect(chat.post(titled('a'), { channel })).rejects.toThrow('Discord answered with 502.')
    peer.proxy.fail({ match: /POST .*messages/, kind: 'slow', ms: 300 })
    await chat.post(titled('slow'), { channel })
    expect(await peer.seen(id)).toBe('slow')
  })

  test('behavior: what comes twice runs once', async () => {
    const calls: string[] = []
    await open(async ({ text }) => {
      calls.push(text)
      return titled(`answer to ${text}`)
    })
    peer.proxy.state.isDoubling = true
    await peer.run('status', {}, { channel: id })
    await expect.poll(() => peer.seen(id)).toContain('answer to status')
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(calls).toEqual(['status'])
  })

  test('behavior: a socket that drops is opened again', async () => {
    await open()
    peer.proxy.dropSockets()
    await expect
      .poll(
        async () => {
          await peer.run('status', {}, { channel: id })
          return await peer.seen(id)
        },
        { timeout: 15_000, interval: 500 },
      )
      .toContain('an answer')
  }, 20_000)

  test('behavior: a Discord that is down at the start is listened to once it is up', async () => {
    peer.proxy.state.isDown = true
    const opening = open()
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    peer.proxy.state.isDown = false
    await opening
    await peer.run('status', {}, { channel: id })
    await expect.poll(() => peer.seen(id)).toContain('an answer')
  }, 20_000)

  test('behavior: commands are registered once, and again only when they change', async () => {
    await open()
    await chat.stop()
    const before = peer.proxy.requests.filter(({ method }) => method === 'PUT').length
    await open()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(peer.proxy.requests.filter(({ method }) => method === 'PUT').length).toBe(before)
  })

  test('behavior: a card that is too old is closed with a way to a fresh one', async () => {
    await open()
    const ref = await chat.post(titled('a card'), { channel, key: 'card' })
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 2 * 3_600_000)
    // What nobody must see at once stays where it is.
    expect(await chat.edit(ref, { ...titled('a sure card'), isQuiet: true }, { channel })).toBe(ref)
    const fresh = await chat.edit(ref, titled('a grown card'), { channel, key: 'card' })
    vi.restoreAllMocks()
    expect(fresh).not.toBe(ref)
    const [old, next] = await peer.messages(id)
    expect(old?.embeds[0]?.description).toContain(
      `https://discord.com/channels/${peer.guild}/${fresh}`,
    )
    expect(`${id}/${next?.id}`).toBe(fresh)
  })

  test('behavior: a message that was deleted is posted again', async () => {
    await open()
    const gone = `${id}/499999999999999999`
    const ref = await chat.edit(gone, titled('told all the same'), { channel })
    expect(ref).not.toBe(gone)
    expect(await peer.seen(id)).toContain('told all the same')
  })

  test('behavior: a slow command is put off, then answered', async () => {
    await open(async () => {
      await new Promise((resolve) => setTimeout(resolve, 900))
      return titled('took long')
    })
    const asked = await peer.run('status', {}, { channel: id })
    expect((await peer.answerTo(asked)).type).toBe(5)
    await expect.poll(() => peer.seen(id), { timeout: 3_000 }).toContain('took long')
  })
})

describe('what people do in Discord beside commands', () => {
  test('behavior: a role is called by its id, and nobody else', async () => {
    await open()
    await chat.post(titled('@everyone <@&1> <@2>'), { channel, page: 'discord:500000000000000001' })
    const sent = peer.proxy.requests.findLast(({ path }) => path.endsWith(`${id}/messages`))
    const body = JSON.parse(sent?.body ?? '{}')
    expect(body.content).toBe('<@&500000000000000001>')
    expect(body.allowed_mentions).toEqual({ parse: [], roles: ['500000000000000001'] })
  })

  test('behavior: a button runs its command as whoever presses it', async () => {
    const calls: CommandCall[] = []
    await open(async (call) => {
      calls.push(call)
      return { ...titled('taken'), visibility: 'channel' }
    })
    const actions = [{ label: 'Acknowledge', command: 'ack 3f9c2a71 if:free' }]
    await chat.post({ ...titled('a card'), actions }, { channel })
    const pressed = await peer.press('Acknowledge', { user: discordPeople.bob, channel: id })
    expect((await peer.answerTo(pressed)).data.flags).toBe(64)
    expect(calls).toEqual([
      {
        text: 'ack 3f9c2a71 if:free',
        user: { id: `discord:${discordPeople.bob}`, name: 'bob' },
        channel,
      },
    ])
  })

  test('behavior: a button with too little opens a form, and a mistake in it can be mended', async () => {
    const calls: CommandCall[] = []
    await open(async (call) => {
      calls.push(call)
      const { given } = call
      if (!given) {
        return { ...titled('missing'), missing: { command: 'flag', given: { address: '0x12' } } }
      }
      if (given.kind !== 'mixer') return { ...titled('"x" does not fit'), fault: 'kind' }
      return { ...titled('flagged'), visibility: 'channel' }
    })
    await chat.post(
      { ...titled('a card'), actions: [{ label: 'Flag', command: 'flag 0x12' }] },
      { channel },
    )
    const form = await peer.answerTo(await peer.press('Flag', { channel: id }))
    expect([form.type, form.data.title]).toEqual([9, '/posse flag'])
    const fields = form.data.components.map(({ component }: { component: object }) => component)
    expect(fields[0]).toMatchObject({ type: 3, custom_id: 'kind', options: { length: 2 } })
    const words = { kind: 'x', name: 'Beta', address: '0x12' }
    await peer.submit(form.data.custom_id, words, { channel: id })
    await expect.poll(() => peer.seen(id)).toContain('does not fit')
    const again = await peer.answerTo(await peer.press('Try again', { channel: id }))
    expect(JSON.stringify(again.data.components)).toContain('"Beta"')
    await peer.submit(again.data.custom_id, { ...words, kind: 'mixer' }, { channel: id })
    await expect.poll(() => peer.seen(id)).toContain('flagged')
    expect(calls.at(-1)).toMatchObject({ text: 'flag', given: { ...words, kind: 'mixer' } })
  })

  test('behavior: options are completed for whoever asks', async () => {
    await open()
    const asked = await peer.complete('flag', ['address', '0xa'], { channel: id })
    const { data } = await peer.answerTo(asked)
    expect(data.choices[0].value).toBe(`flag-address-0xa-discord:${discordPeople.ann}`)
  })

  test('behavior: a message or a person that somebody points at is asked about', async () => {
    const calls: CommandCall[] = []
    await open(async (call) => {
      calls.push(call)
      return titled('an answer')
    })
    const thief = `0x${'a'.repeat(40)}`
    const said = { id: '600000000000000001', channel_id: id, content: `see ${thief}`, type: 0 }
    const author = { id: discordPeople.bob, username: 'bob', discriminator: '0', avatar: null }
    const message = {
      ...said,
      author,
      embeds: [],
      attachments: [],
      mentions: [],
      timestamp: '2026-01-01T00:00:00Z',
    }
    const point = (type: number, name: string, target: string, resolved: object) =>
      peer.twin.simulateInteraction({
        type: 2,
        channelId: id,
        userId: discordPeople.ann,
        data: { id: '1', type, name, target_id: target, resolved },
      })
    await point(3, 'Look up addresses', said.id, { messages: { [said.id]: message } })
    await point(3, 'Add to the timeline', said.id, { messages: { [said.id]: message } })
    await point(2, 'Who is this?', discordPeople.bob, { users: { [discordPeople.bob]: author } })
    await vi.waitFor(() => expect(calls).toHaveLength(3))
    expect(calls.map(({ text, given }) => [text, given])).toEqual([
      ['lookup', { subjects: thief }],
      [
        'note',
        { text: `bob: see ${thief}`, at: expect.any(String), of: `discord:${id}/${said.id}` },
      ],
      ['whois', { account: `discord:${discordPeople.bob}` }],
    ])
  })

  test('behavior: a case gets a thread or a channel of its own', async () => {
    await open()
    const thread = await chat.openRoom?.('case-acme', { near: channel, kind: 'thread' })
    const room = await chat.openRoom?.('case-acme', { near: channel, kind: 'channel' })
    await chat.post(titled('in the thread'), { channel: thread ?? '' })
    await chat.post(titled('in the channel'), { channel: room ?? '' })
    expect(await peer.seen(thread?.slice(8) ?? '')).toContain('in the thread')
    expect(await peer.seen(room?.slice(8) ?? '')).toContain('in the channel')
  })
})
