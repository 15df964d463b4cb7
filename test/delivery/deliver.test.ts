import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { noChange } from '#src/case/decideBlock.ts'
import type { Context } from '#src/context.ts'
import { deliverDue, runDelivery } from '#src/delivery/deliver.ts'
import { caseOf } from '#test/support/followRows.ts'
import { createTestContext } from '#test/support/testContext.ts'
import type { Telling } from '#types/alert.ts'
import type { Chat } from '#types/chat.ts'
import type { Message } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'

const theft = caseOf([])
const begin = Date.UTC(2024, 0, 1)

let context: Context
let open: OpenCase
let log: string[]
let stop: AbortController

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: begin })
  const made = await createTestContext({ cases: [theft] })
  const [only] = made.opened
  if (!only) throw new Error('A case is open.')
  open = only
  context = made.context
  log = made.log
  stop = new AbortController()
})

afterEach(async () => {
  stop.abort()
  vi.useRealTimers()
})

const titled = (title: string): Message => ({ title, sections: [] })

/** Such as `a1`: the first revision of the alert a, which is its title too. */
async function tell(names: string[], channels: string[]): Promise<void> {
  const tellings: Telling[] = names.map((name) => ({
    alert: name.slice(0, 1),
    revision: Number(name.slice(1)),
    message: titled(name),
    topic: 'moved',
    channels,
  }))
  const change = { ...noChange(open), tellings }
  await context.store.saveChanges([change], { now: 0 })
  context.outbox.ring()
}

/** A memory chat that does as told first, and what was tried in it, when, in seconds from the beginning. */
function createFlaky(name: string, act: (attempt: number, title: string) => Promise<void>) {
  const chat = createMemoryChat({ name })
  const tried: string[] = []
  const times: number[] = []
  const attempt = async (title: string): Promise<void> => {
    tried.push(title)
    times.push((Date.now() - begin) / 1000)
    await act(tried.length, title)
  }
  const flaky: Chat = {
    ...chat,
    async post(message, place) {
      await attempt(`post ${message.title}`)
      return await chat.post(message, place)
    },
    async edit(ref, message, place) {
      await attempt(`edit ${message.title}`)
      return await chat.edit(ref, message, place)
    },
  }
  return { chat: flaky, tried, times, titles: () => titlesIn(chat) }
}

const titlesIn = ({ messages }: ReturnType<typeof createMemoryChat>) =>
  messages.map(({ message }) => message.title)

const works = async () => undefined
const failsUntil = (attempt: number) => async (now: number) => {
  if (now < attempt) throw new Error('down')
}

/** Starts the delivery to these chats, each on its own, as the program does. */
async function start(...chats: Chat[]): Promise<void> {
  await Promise.all(chats.map((chat) => runDelivery(context, chat, { signal: stop.signal })))
}

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000)

describe('deliverDue', () => {
  test('default: posts an alert at first and edits it from then on, in the order of what was decided', async () => {
    const { chat, tried, titles } = createFlaky('chat', works)
    await tell(['a1', 'b1'], ['chat'])
    await tell(['a2', 'c1'], ['chat'])
    await tell(['c2'], ['chat'])
    await deliverDue(context, chat)
    expect(titles()).toEqual(['a2', 'b1', 'c2'])
    expect(tried.filter((title) => title.startsWith('post'))).toEqual([
      'post a1',
      'post b1',
      'post c1',
    ])
    const ofA = tried.filter((title) => title.includes(' a'))
    expect(ofA).toEqual(['post a1', 'edit a2'])
    expect(await context.store.countDeliveries()).toEqual({ pending: 0, sent: 5, failed: 0 })
  })

  test('behavior: more than is read at once', async () => {
    const { chat, titles } = createFlaky('chat', works)
    // One letter an alert, two revisions each.
    const names = Array.from({ length: 60 }, (_, at) => String.fromCodePoint(0x4e00 + at))
    await tell(
      names.map((name) => `${name}1`),
      ['chat'],
    )
    await tell(
      names.map((name) => `${name}2`),
      ['chat'],
    )
    await deliverDue(context, chat)
    expect(titles()).toEqual(names.map((name) => `${name}2`))
  })

  test('behavior: each chat gets what was decided for it', async () => {
    const [left, right] = [createFlaky('left', works), createFlaky('right', works)]
    await tell(['a1'], ['left', 'right'])
    await tell(['b1'], ['right'])
    for (const { chat } of [left, right]) await deliverDue(context, chat)
    expect([left.titles(), right.titles()]).toEqual([['a1'], ['a1', 'b1']])
  })

  test('behavior: what was sent is not sent again by a new run on the same store, and edits find it', async () => {
    const { chat, tried, titles } = createFlaky('chat', works)
    await tell(['a1', 'b1'], ['chat'])
    await deliverDue(context, chat)
    const again = await createTestContext({ cases: [theft], store: context.store })
    await deliverDue(again.context, chat)
    expect(tried.length).toBe(2)
    await tell(['b2'], ['chat'])
    await deliverDue(again.context, chat)
    expect(tried.slice(2)).toEqual(['edit b2'])
    expect(titles()).toEqual(['a1', 'b2'])
  })

  test('behavior: a failure is kept in the log, with what failed, and is over when it is', async () => {
    const { chat, titles } = createFlaky('chat', failsUntil(2))
    await tell(['a1', 'b1'], ['chat'])
    await deliverDue(context, chat)
    expect(titles()).toEqual(['b1'])
    expect(log.join()).toContain('"message":"down"')
    expect(log.join()).toContain('"alert":"a"')
    expect(log.join()).toContain('Delivery failed')
    expect(await context.store.countDeliveries()).toEqual({ pending: 1, sent: 1, failed: 0 })
    await pass(2)
    await deliverDue(context, chat)
    expect(titles()).toEqual(['b1', 'a1'])
  })

  test('behavior: a revision waits for one before it that has failed, and is shown then', async () => {
    const { chat, tried, titles } = createFlaky('chat', failsUntil(2))
    await tell(['a1'], ['chat'])
    await deliverDue(context, chat)
    await tell(['a2'], ['chat'])
    await deliverDue(context, chat)
    expect(tried).toEqual(['post a1'])
    await pass(2)
    await deliverDue(context, chat)
    expect(tried).toEqual(['post a1', 'post a1', 'edit a2'])
    expect(titles()).toEqual(['a2'])
  })

  test('behavior: an edit that fails is tried again as an edit', async () => {
    const { chat, tried, titles } = createFlaky('chat', async (now) => {
      if (now === 2) throw new Error('down')
    })
    await tell(['a1', 'a2'], ['chat'])
    await deliverDue(context, chat)
    await pass(2)
    await deliverDue(context, chat)
    expect(tried).toEqual(['post a1', 'edit a2', 'edit a2'])
    expect(titles()).toEqual(['a2'])
  })

  test('behavior: a clock that is set back postpones nothing', async () => {
    const { chat, titles } = createFlaky('chat', failsUntil(2))
    await tell(['a1'], ['chat'])
    await deliverDue(context, chat)
    vi.setSystemTime(begin - 86_400_000)
    await deliverDue(context, chat)
    expect(titles()).toEqual(['a1'])
  })

  test('behavior: ends between two messages when the signal is given', async () => {
    const { chat, titles } = createFlaky('chat', async (now) => {
      if (now === 2) stop.abort()
    })
    await tell(['a1', 'b1', 'c1'], ['chat'])
    await deliverDue(context, chat, { signal: stop.signal })
    expect(titles()).toEqual(['a1', 'b1'])
    expect(await context.store.countDeliveries()).toEqual({ pending: 1, sent: 2, failed: 0 })
  })
})

describe('runDelivery', () => {
  test('default: shows what was waiting, and what comes as soon as it is told of it', async () => {
    const { chat, titles } = createFlaky('chat', works)
    await tell(['a1'], ['chat'])
    const run = start(chat)
    await pass(0.001)
    expect(titles()).toEqual(['a1'])
    await tell(['b1'], ['chat'])
    await pass(0.001)
    expect(titles()).toEqual(['a1', 'b1'])
    stop.abort()
    await run
  })

  test('behavior: a chat that fails is tried again after waits that grow to five minutes, and keeps no other waiting', async () => {
    const broken = createFlaky('broken', failsUntil(12))
    const working = createFlaky('works', works)
    void start(broken.chat, working.chat)
    await tell(['a1'], ['broken', 'works'])
    await pass(0.001)
    expect(working.titles()).toEqual(['a1'])
    await pass(3600)
    await tell(['b1'], ['works'])
    await pass(0.001)
    expect(working.titles()).toEqual(['a1', 'b1'])
    const waits = broken.times.slice(1).map((time, at) => Math.round(time - broken.times[at]!))
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
    expect(broken.titles()).toEqual(['a1'])
  })

  test('behavior: what is told while a chat waits is shown at once, if it is of another alert', async () => {
    const { chat, tried } = createFlaky('chat', async (_now, title) => {
      if (title.endsWith(' a1')) throw new Error('this one cannot be shown')
    })
    void start(chat)
    await tell(['a1'], ['chat'])
    await pass(1)
    await tell(['b1'], ['chat'])
    await pass(0.001)
    expect(tried).toEqual(['post a1', 'post b1'])
  })

  test('behavior: after about a day a delivery is given up, and later revisions are shown', async () => {
    const { chat, tried, titles } = createFlaky('chat', async (_now, title) => {
      if (title.endsWith(' a1')) throw new Error('this one cannot be shown')
    })
    void start(chat)
    await tell(['a1', 'a2'], ['chat'])
    await pass(20 * 3600)
    expect(titles()).toEqual([])
    await pass(6 * 3600)
    expect(await context.store.countDeliveries()).toEqual({ pending: 0, sent: 1, failed: 1 })
    expect(titles()).toEqual(['a2'])
    expect(tried.length).toBe(301)
  })

  test('behavior: a chat that does not answer has failed after half a minute, and keeps no other waiting', async () => {
    const hanging = createFlaky('hanging', (now) =>
      now === 1 ? new Promise<never>(() => undefined) : works(),
    )
    const other = createFlaky('other', works)
    void start(hanging.chat, other.chat)
    await tell(['a1'], ['hanging', 'other'])
    await pass(1)
    expect(other.titles()).toEqual(['a1'])
    await pass(28.9)
    expect(log).toEqual([])
    await pass(0.2)
    expect(log.join()).toContain('The chat has not answered within 30 seconds.')
    expect(hanging.titles()).toEqual([])
    await pass(2)
    expect(hanging.times.map(Math.round)).toEqual([0, 32])
    expect(hanging.titles()).toEqual(['a1'])
  })

  test('behavior: a chat that fails after half a minute, heard by nobody any more, harms nobody', async () => {
    const late = createFlaky('late', async (now) => {
      if (now > 1) return
      await new Promise((resolve) => setTimeout(resolve, 31_000))
      throw new Error('late')
    })
    void start(late.chat)
    await tell(['a1'], ['late'])
    await pass(40)
    expect(late.titles()).toEqual(['a1'])
  })

  test('behavior: a channel that hangs or fails holds up no other of its chat', async () => {
    const { chat, tried } = createFlaky('chat', works)
    const stuck: Chat = {
      ...chat,
      async post(message, place) {
        if (place.channel === 'chat:C1') return await new Promise<never>(() => undefined)
        if (place.channel === 'chat:C2') throw new Error('deleted')
        return await chat.post(message, place)
      },
    }
    const run = start(stuck)
    await tell(['a1'], ['chat:C1', 'chat:C2', 'chat:C3', 'chatter:C4'])
    await pass(1)
    expect(tried).toEqual(['post a1'])
    await tell(['b1'], ['chat:C3'])
    await pass(1)
    expect(tried).toEqual(['post a1', 'post b1'])
    stop.abort()
    await pass(40)
    await run
  })

  test('behavior: a follow-up goes into the thread of its parent, unless the channel is flat', async () => {
    const chat = createMemoryChat({ name: 'chat' })
    const by = { channel: 'chat:flat', form: 'full', digest: 'off', timeZone: null } as const
    context.standing.channel.set('chat:flat', { ...by, layout: 'flat' })
    const channels = ['chat:flat', 'chat:deep']
    const telling = (alert: string, parent?: string): Telling => ({
      ...{ alert, revision: 1, message: titled(alert), topic: 'moved', channels },
      ...(parent && { parent }),
    })
    await context.store.saveDecision({ tellings: [telling('a'), telling('b', 'a')] }, { now: 0 })
    await deliverDue(context, chat)
    const threads = new Map(
      chat.messages
        .filter(({ message }) => message.title === 'b')
        .map(({ place }) => [place.channel, place.thread]),
    )
    const parent = chat.messages.find(
      ({ place, message }) => place.channel === 'chat:deep' && message.title === 'a',
    )
    expect(threads).toEqual(
      new Map([
        ['chat:flat', undefined],
        ['chat:deep', parent?.ref],
      ]),
    )
  })

  test('behavior: a channel that wants it short gets one line, with how late it comes', async () => {
    const chat = createMemoryChat({ name: 'chat' })
    const by = { channel: 'chat', layout: 'flat', digest: 'off', timeZone: null } as const
    context.standing.channel.set('chat', { ...by, form: 'short' })
    const message: Message = {
      title: 'Long',
      line: ['Short ', { code: '0x1' }],
      blockTime: 10,
      sections: [{ type: 'fields', fields: [{ name: 'n', value: 'v' }] }],
    }
    const tellings: Telling[] = ['chat', 'chat:full'].map((channel) => ({
      ...{ alert: channel, revision: 1, message, topic: 'moved', channels: [channel] },
    }))
    await context.store.saveDecision({ tellings }, { now: 15 })
    await deliverDue({ ...context, now: () => 17 }, chat)
    const shown = new Map(chat.messages.map((each) => [each.place.channel, each.message]))
    const delay = 'seen 5 s after its block, posted 2 s later'
    expect(shown.get('chat')).toMatchObject({
      title: ['Short ', { code: '0x1' }, `; ${delay}`],
      sections: [],
    })
    expect(JSON.stringify(shown.get('chat:full')?.sections)).toContain(`"Delay","value":"${delay}"`)
  })

  test('error: without its store nothing can be told, and that is no secret', async () => {
    const { chat } = createFlaky('chat', works)
    const fail = () => Promise.reject(new Error('disk full'))
    const store = { ...context.store, readPending: fail }
    await tell(['a1'], ['chat'])
    const run = runDelivery({ ...context, store }, chat, { signal: stop.signal })
    await expect(run).rejects.toThrow('disk full')
  })

  test('behavior: ends when the signal is given, whatever it waits for', async () => {
    const broken = createFlaky('broken', failsUntil(100))
    const run = start(broken.chat, createMemoryChat({ name: 'idle' }))
    await tell(['a1'], ['broken'])
    await pass(10)
    stop.abort()
    await run
    expect(vi.getTimerCount()).toBe(0)
  })
})
