import { createHmac } from 'node:crypto'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createSlackChat } from '#adapters/chat/slack/createSlackChat.ts'
import type { SlackOptions } from '#adapters/chat/slack/options.ts'
import { ChatBusyError, ChatRefusedError } from '#errors/chat.ts'
import { shortcuts } from '#src/command/shortcuts.ts'
import {
  type SlackPeer,
  slackPeople,
  slackTokens,
  startSlackPeer,
} from '#test/support/slackPeer.ts'
import type { Chat, CommandCall } from '#types/chat.ts'
import type { Desk } from '#types/desk.ts'
import type { Message, Reply } from '#types/message.ts'

const { botToken, appToken, signingSecret } = slackTokens
const channel = 'slack:C01ALERTS'
const titled = (title: string): Message => ({ title, sections: [] })

let peer: SlackPeer
let chat: Chat
let log: string[] = []

beforeAll(async () => {
  peer = await startSlackPeer()
}, 20_000)

afterAll(async () => {
  await peer.close()
})

afterEach(async () => {
  await chat.stop()
  await peer.control('/reset', {})
  peer.proxy.state.isDoubling = false
  peer.events.state.isDoubling = false
  expect(peer.proxy.problems.splice(0)).toEqual([])
  const secrets = [botToken, appToken, signingSecret, `${botToken}-http`]
  const shown = `${log.join('\n')} ${await peer.seen()}`
  for (const secret of secrets) expect(shown).not.toContain(secret)
  log = []
})

const desk: Desk = {
  commands: [
    {
      name: 'flag',
      group: 'flag',
      description: 'Says what an address is.',
      isPublic: false,
      options: [
        {
          word: 'address',
          description: 'The address.',
          isRequired: true,
          isLong: false,
          values: [],
          isCompleted: true,
        },
        {
          word: 'kind',
          description: 'What it is.',
          isRequired: true,
          isLong: false,
          values: ['exchange', 'mixer'],
          isCompleted: false,
        },
      ],
    },
  ],
  shortcuts,
  complete: async () => [],
  home: async () => ({
    title: '1 red alert without anybody',
    severity: 'red',
    sections: [],
    actions: [{ label: 'Acknowledge 3f9c2a71', command: 'ack 3f9c2a71 if:free' }],
  }),
}

async function open(
  via: 'socket' | 'http',
  handler: (call: CommandCall) => Promise<Reply> = async () => titled('an answer'),
): Promise<Chat> {
  const transport: SlackOptions['transport'] =
    via === 'socket'
      ? { kind: 'socket', appToken }
      : { kind: 'http', signingSecret, port: peer.eventsPort }
  chat = createSlackChat({
    tokens: { kind: 'one', botToken: via === 'socket' ? botToken : `${botToken}-http` },
    transport,
    apiUrl: peer.apiUrl,
    log: pino({ level: 'trace' }, { write: (line: string) => log.push(line) }),
  })
  chat.listen(handler, desk)
  await vi.waitFor(async () => {
    const isUp =
      via === 'socket'
        ? (await peer.readUi()).apps[0].connected
        : (await fetch(`http://127.0.0.1:${peer.eventsPort}/`)).status === 404
    expect(isUp).toBe(true)
  }, 5_000)
  return chat
}

/** A request as Slack signs it. */
function signed(body: string, { at = Date.now(), secret = signingSecret } = {}) {
  const timestamp = String(Math.floor(at / 1000))
  const hash = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${hash}`,
    },
    body,
  }
}

const events = () => `http://127.0.0.1:${peer.eventsPort}/slack/events`

const command = (text: string, trigger: string) =>
  new URLSearchParams({
    command: '/posse',
    text,
    trigger_id: trigger,
    user_id: slackPeople.ann,
    user_name: 'ann',
    channel_id: 'C01ALERTS',
    team_id: 'T01TEST',
    api_app_id: 'A02HTTP',
    response_url: 'http://127.0.0.1:9/nowhere',
  }).toString()

describe('what goes wrong in Slack', () => {
  test('behavior: a busy Slack is told as such, with its wait, and nothing is posted', async () => {
    await open('socket')
    peer.proxy.fail({ match: /chat\.postMessage/, kind: 'busy', retryAfter: 7 })
    const failure = await chat.post(titled('later'), { channel, key: 'a' }).catch((error) => error)
    expect(failure).toBeInstanceOf(ChatBusyError)
    expect(failure.retryAfterSeconds).toBe(7)
    expect(await peer.messages()).toEqual([])
  })

  test('behavior: a post whose answer was lost is found again', async () => {
    await open('socket')
    peer.proxy.fail({ match: /chat\.postMessage/, kind: 'lost', when: 'after' })
    const posting = { channel, key: 'the same' }
    await expect(chat.post(titled('once'), posting)).rejects.toThrow('Slack could not be reached.')
    const ref = await chat.post(titled('once'), { ...posting, isRepeat: true })
    const messages = await peer.messages()
    expect(messages.map(({ ts }) => ts)).toEqual([ref])
    const reply = { channel, thread: ref, key: 'below' }
    peer.proxy.fail({ match: /chat\.postMessage/, kind: 'lost', when: 'after' })
    await expect(chat.post(titled('under it'), reply)).rejects.toThrow()
    await chat.post(titled('under it'), { ...reply, isRepeat: true })
    expect(await peer.messages()).toHaveLength(2)
  })

  test('behavior: what belongs under a message that is gone is posted all the same', async () => {
    await open('socket')
    const reply = { channel, thread: '1700000000.000001', key: 'below', isRepeat: true }
    await chat.post(titled('under nothing'), reply)
    expect(await peer.seen()).toContain('under nothing')
  })

  test('behavior: errors of the server and slow answers fail, and say no secret', async () => {
    await open('socket')
    peer.proxy.fail({ match: /chat\.postMessage/, kind: 'broken', status: 503 })
    await expect(chat.post(titled('a'), { channel })).rejects.toThrow('the status 503')
    peer.proxy.fail({ match: /chat\.postMessage/, kind: 'lost', when: 'before' })
    await expect(chat.post(titled('a'), { channel })).rejects.toThrow('could not be reached')
    peer.proxy.fail({ match: /chat\.postMessage/, kind: 'slow', ms: 300 })
    await chat.post(titled('slow'), { channel })
    expect(await peer.seen()).toBe('slow')
  })

  test('behavior: a channel that is gone, and a token that was revoked, say who must do what', async () => {
    await open('socket')
    const gone = await chat.post(titled('a'), { channel: 'slack:C99GONE' }).catch((error) => error)
    expect(gone).toBeInstanceOf(ChatRefusedError)
    expect(`${gone.message} ${gone.hint}`).toBe(
      'Nothing reaches "slack:C99GONE": Slack says channel_not_found. Invite the app there again: /invite @posse, or unsubscribe the channel.',
    )
  })

  test.each([
    'socket',
    'http',
  ] as const)('behavior: over %s what comes twice runs once', async (via) => {
    const calls: string[] = []
    await open(via, async ({ text }) => {
      calls.push(text)
      return titled(`answer to ${text}`)
    })
    if (via === 'socket') peer.proxy.state.isDoubling = true
    else peer.events.state.isDoubling = true
    await peer.type('status', { via })
    await expect.poll(() => peer.seen()).toContain('answer to status')
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(calls).toEqual(['status'])
    expect((await peer.seen()).match(/answer to status/g)).toHaveLength(1)
  })

  test('behavior: a socket that drops is opened again', async () => {
    await open('socket')
    peer.proxy.dropSockets()
    await expect
      .poll(
        async () => {
          await peer.type('status')
          return await peer.seen()
        },
        { timeout: 15_000, interval: 500 },
      )
      .toContain('an answer')
  }, 20_000)

  test('behavior: a Slack that is down at the start is listened to once it is up', async () => {
    peer.proxy.state.isDown = true
    const opening = open('socket')
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    peer.proxy.state.isDown = false
    await opening
    await peer.type('status')
    await expect.poll(() => peer.seen()).toContain('an answer')
  }, 20_000)

  test('behavior: forged, stale and replayed requests get 401 and change nothing', async () => {
    const calls: string[] = []
    await open('http', async ({ text }) => {
      calls.push(text)
      return titled('an answer')
    })
    const forged = await fetch(events(), signed(command('forged', '1'), { secret: 'guessed' }))
    expect(forged.status).toBe(401)
    const stale = await fetch(events(), signed(command('old', '2'), { at: Date.now() - 400_000 }))
    expect(stale.status).toBe(401)
    const unsigned = await fetch(events(), { method: 'POST', body: command('unsigned', '3') })
    expect(unsigned.status).toBe(401)
    const request = signed(command('true', '4'))
    expect((await fetch(events(), request)).status).toBe(200)
    expect((await fetch(events(), request)).status).toBe(401)
    // The same signature, written otherwise.
    const { 'x-slack-signature': signature } = request.headers
    for (const written of [`${signature}=`, `${signature}=x`, signature.toUpperCase()]) {
      const headers = { ...request.headers, 'x-slack-signature': written }
      expect((await fetch(events(), { ...request, headers })).status).toBe(401)
    }
    expect(calls).toEqual(['true'])
    expect((await fetch(`http://127.0.0.1:${peer.eventsPort}/anything`)).status).toBe(404)
  })

  test('behavior: a slow command is acknowledged before it is answered', async () => {
    const work = Promise.withResolvers<void>()
    await open('http', async () => {
      await work.promise
      return titled('took long')
    })
    const begin = Date.now()
    const response = await fetch(events(), signed(command('slow', 'slow')))
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect(Date.now() - begin).toBeLessThan(2_500)
    work.resolve()
  })
})

describe('what people do in Slack beside commands', () => {
  test('behavior: a mention in a thread is answered there, to whoever asked', async () => {
    const calls: CommandCall[] = []
    await open('socket', async (call) => {
      calls.push(call)
      return titled('an answer')
    })
    const ref = await chat.post(titled('a card'), { channel })
    await peer.mention('lookup <https://etherscan.io/tx/0x12|the link>', { thread: ref })
    await expect.poll(() => peer.seen()).toContain('an answer')
    const answer = (await peer.messages()).at(-1)
    expect([answer?.thread_ts, answer?.ephemeral_to]).toEqual([ref, slackPeople.ann])
    // Where nobody talks in a thread yet, nobody would see it there.
    await peer.mention('status')
    await vi.waitFor(async () => expect(await peer.messages()).toHaveLength(5))
    expect((await peer.messages()).at(-1)?.thread_ts).toBeUndefined()
    expect(calls[0]?.text).toBe('lookup https://etherscan.io/tx/0x12')
  })

  test('behavior: a button runs its command as whoever presses it, and leaves the card', async () => {
    const calls: CommandCall[] = []
    await open('socket', async (call) => {
      calls.push(call)
      return { ...titled('taken'), visibility: 'channel' }
    })
    const actions = [{ label: 'Acknowledge', command: 'ack 3f9c2a71 if:free' }]
    await chat.post({ ...titled('a card'), actions }, { channel })
    await peer.press('Acknowledge', { user: slackPeople.bob })
    await expect.poll(() => peer.seen()).toContain('taken')
    expect(calls).toEqual([
      {
        text: 'ack 3f9c2a71 if:free',
        user: { id: `slack:${slackPeople.bob}`, name: 'bob' },
        channel,
      },
    ])
    const answer = (await peer.messages()).at(-1)
    expect(answer?.ephemeral_to).toBe(slackPeople.bob)
    expect(await peer.seen()).toContain('a card')
  })

  test('behavior: a command with too little opens a form, which says what does not fit', async () => {
    const calls: CommandCall[] = []
    await open('socket', async (call) => {
      calls.push(call)
      const { given } = call
      if (!given) {
        const missing = { command: 'flag', given: { address: '0x12' } }
        return { ...titled('kind is missing'), missing }
      }
      if (given.kind !== 'mixer') return { ...titled('"x" does not fit'), fault: 'kind' }
      return { ...titled('flagged'), visibility: 'channel' }
    })
    await peer.type('flag 0x12')
    await expect.poll(async () => (await peer.readUi()).modalStack.length).toBe(1)
    const [view] = (await peer.readUi()).modalStack
    expect(view.title.text).toBe('/posse flag')
    expect(view.blocks[1].element.initial_value).toBe('0x12')
    expect(await peer.submit({ address: '0x12', kind: 'x' })).toEqual({ kind: '"x" does not fit' })
    await peer.submit({ address: '0x12', kind: 'mixer' })
    await expect.poll(() => peer.seen()).toContain('flagged')
    expect(calls.at(-1)).toMatchObject({
      text: 'flag',
      given: { address: '0x12', kind: 'mixer' },
      channel,
    })
  })

  test('behavior: a form whose command takes long is closed in time, and answered later', async () => {
    await open('socket', async ({ given }) => {
      const missing = { command: 'flag', given: {} }
      if (!given) return { ...titled('kind is missing'), missing }
      await new Promise((resolve) => setTimeout(resolve, 2_400))
      return titled('done in the end')
    })
    await peer.type('flag')
    await expect.poll(async () => (await peer.readUi()).modalStack.length).toBe(1)
    await peer.submit({ address: '0x12', kind: 'mixer' })
    await expect
      .poll(async () => (await peer.readUi()).modalStack.length, { timeout: 2_300 })
      .toBe(0)
    await expect.poll(() => peer.seen(), { timeout: 2_000 }).toContain('done in the end')
  })

  test('behavior: the home page shows what waits, and its buttons work', async () => {
    const calls: string[] = []
    await open('socket', async ({ text }) => {
      calls.push(text)
      return titled('taken')
    })
    await peer.openHome()
    await expect
      .poll(async () => JSON.stringify((await peer.readUi()).homeViews))
      .toContain('1 red alert without anybody')
  })

  test('behavior: a button of the home page is answered directly, and the page drawn anew', async () => {
    const calls: CommandCall[] = []
    await open('http', async (call) => {
      calls.push(call)
      return titled('taken over')
    })
    const payload = {
      type: 'block_actions',
      trigger_id: 'home-1',
      team: { id: 'T01TEST' },
      user: { id: slackPeople.ann, name: 'ann', team_id: 'T01TEST' },
      container: { type: 'view' },
      view: { type: 'home' },
      actions: [{ type: 'button', action_id: 'run:0', value: 'ack 3f9c2a71 if:free' }],
    }
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
    expect((await fetch(events(), signed(body))).status).toBe(200)
    await vi.waitFor(() => {
      const paths = peer.proxy.requests.map(({ path }) => path.replace('/api/', ''))
      expect(paths.slice(-2)).toEqual(['chat.postMessage', 'views.publish'])
    })
    expect(calls.map(({ text, channel: where }) => [text, where])).toEqual([
      ['ack 3f9c2a71 if:free', `slack:@${slackPeople.ann}`],
    ])
  })

  test('behavior: a message that somebody points at is looked up, or goes into the timeline', async () => {
    const calls: CommandCall[] = []
    await open('http', async (call) => {
      calls.push(call)
      return titled('an answer')
    })
    const thief = `0x${'a'.repeat(40)}`
    const said = { user: slackPeople.bob, text: `see ${thief} &amp; tell` }
    const point = async (id: string, trigger: string, message: object = said) => {
      const payload = {
        type: 'message_action',
        callback_id: `posse_${id}`,
        trigger_id: trigger,
        response_url: `${peer.proxy.url}/_hooks/response/none`,
        team: { id: 'T01TEST' },
        channel: { id: 'C01ALERTS', name: 'alerts' },
        user: { id: slackPeople.ann, name: 'ann', team_id: 'T01TEST' },
        message: { ts: '1700000000.000100', ...message },
      }
      const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
      expect((await fetch(events(), signed(body))).status).toBe(200)
    }
    await point('look-up', 't1')
    await point('timeline', 't2')
    // A card of ours, which says in its text what a notification says.
    const blocks = [{ type: 'rich_text', elements: [{ type: 'text', text: thief }] }]
    await point('look-up', 't3', { bot_id: 'B1', text: 'an alert', blocks })
    await vi.waitFor(() => expect(calls).toHaveLength(3))
    expect(calls.map(({ text, given }) => [text, given])).toEqual([
      ['lookup', { subjects: thief }],
      [
        'note',
        {
          text: `${slackPeople.bob}: see ${thief} & tell`,
          at: '1700000000',
          of: 'slack:C01ALERTS/1700000000.000100',
        },
      ],
      ['lookup', { subjects: thief }],
    ])
  })
})
