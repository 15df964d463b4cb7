import { beforeEach, describe, expect, test } from 'vitest'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { ChatBusyError, ChatRefusedError } from '#errors/chat.ts'
import type { Context } from '#src/context.ts'
import { createLane } from '#src/delivery/createLane.ts'
import { deliverDue } from '#src/delivery/deliver.ts'
import { caseOf } from '#test/support/followRows.ts'
import { createTestContext } from '#test/support/testContext.ts'
import type { Telling } from '#types/alert.ts'
import type { Chat, Posting } from '#types/chat.ts'
import type { Severity } from '#types/message.ts'

const begin = 1_700_000_000_000
const [red, blue] = ['busy:C1', 'busy:C2'] as const

type Call = { at: number; what: string; channel: string; posting: Posting }

/** A chat with a pace on a clock of its own, that does as it is told. */
function createPaced(act: (call: Call, count: number) => void = () => undefined) {
  const clock = { ms: begin }
  const inner = createMemoryChat({ name: 'busy' })
  const calls: Call[] = []
  const note = (what: string, posting: Posting) => {
    const call = { at: (clock.ms - begin) / 1000, what, channel: posting.channel, posting }
    calls.push(call)
    act(call, calls.length)
  }
  const chat: Chat = {
    ...inner,
    pace: { channelMs: 1_000, editMs: 3_000 },
    hasThreads: true,
    async post(message, posting) {
      note(`post ${message.title}`, posting)
      return await inner.post(message, posting)
    },
    async edit(ref, message, posting) {
      note(`edit ${message.title}`, posting)
      return await inner.edit(ref, message, posting)
    },
  }
  return { chat, clock, calls, messages: inner.messages }
}

let context: Context
let terminal: ReturnType<typeof createMemoryChat>

beforeEach(async () => {
  terminal = createMemoryChat({ name: 'terminal' })
  const made = await createTestContext({ cases: [caseOf([])], chat: terminal })
  context = made.context
})

/** Such as `a1`: the first revision of the alert a, which is its title too. */
async function tell(
  names: string[],
  channels: readonly string[],
  { severity, isQuiet }: { severity?: Severity; isQuiet?: boolean } = {},
): Promise<void> {
  const tellings: Telling[] = names.map((name) => ({
    alert: `test:${name.slice(0, 1)}`,
    revision: Number(name.slice(1)),
    message: {
      title: name,
      sections: [],
      ...(severity && { severity }),
      ...(isQuiet && { isQuiet }),
    },
    topic: 'moved',
    channels,
  }))
  await context.store.saveDecision({ tellings }, { now: 1 })
}

/** Lets the clock run by whole seconds. */
async function pass(
  paced: Pick<ReturnType<typeof createPaced>, 'chat' | 'clock'>,
  seconds: number,
  lane = createLane(paced.chat, { clock: () => paced.clock.ms }),
) {
  for (let second = 0; second < seconds; second += 1) {
    await deliverDue(context, paced.chat, { lane })
    paced.clock.ms += 1_000
  }
  return lane
}

const shown = (calls: readonly Call[]) => calls.map(({ at, what }) => `${at} ${what}`)

describe('the pace of a chat', () => {
  test('behavior: one message a second in a channel, whatever else there is', async () => {
    const paced = createPaced()
    await tell(['a1', 'b1', 'c1'], [red, blue])
    await pass(paced, 4)
    const inRed = paced.calls.filter(({ channel }) => channel === red)
    expect(shown(inRed)).toEqual(['0 post a1', '1 post b1', '2 post c1'])
    expect(paced.calls).toHaveLength(6)
  })

  test('behavior: of what waits only the last is shown, new cards first, edits at their own pace', async () => {
    const paced = createPaced()
    await tell(['a1', 'b1'], [red])
    const lane = await pass(paced, 2)
    await tell(['a2', 'a3', 'b2', 'a4', 'c1', 'c2'], [red])
    await pass(paced, 8, lane)
    expect(shown(paced.calls).slice(2)).toEqual(['2 post c2', '3 edit b2', '6 edit a4'])
    expect(await context.store.countDeliveries()).toMatchObject({ pending: 0, sent: 8 })
  })

  test('behavior: a busy chat gets nothing until its time has come', async () => {
    const paced = createPaced((_, count) => {
      if (count === 1) throw new ChatBusyError({ chat: 'busy', retryAfterSeconds: 5 })
    })
    await tell(['a1', 'b1'], [red])
    await pass(paced, 8)
    expect(shown(paced.calls)).toEqual(['0 post a1', '5 post a1', '6 post b1'])
    // It is known not to have been posted.
    expect(paced.calls.map(({ posting }) => posting.isRepeat)).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  test('behavior: what nobody must see at once lets every other edit go first, in all channels', async () => {
    const paced = createPaced()
    await tell(['a1', 'b1'], [red, blue])
    const lane = await pass(paced, 3)
    await tell(['a2', 'b2'], [red, blue], { isQuiet: true })
    await tell(['b3'], [red, blue])
    const before = paced.calls.length
    await pass(paced, 16, lane)
    const edits = paced.calls.slice(before)
    expect(edits.map(({ what }) => what)).toEqual(['edit b3', 'edit b3', 'edit a2', 'edit a2'])
  })

  test('behavior: edits that must wait hold up no new card', async () => {
    const paced = createPaced((call) => {
      if (call.what.startsWith('edit'))
        throw new ChatBusyError({ chat: 'busy', retryAfterSeconds: 60 })
    })
    await tell(['a1'], [red])
    const lane = await pass(paced, 2)
    await tell(['a2'], [red])
    await pass(paced, 3, lane)
    await tell(['b1'], [red])
    await pass(paced, 2, lane)
    expect(shown(paced.calls)).toEqual(['0 post a1', '2 edit a2', '5 post b1'])
  })

  test('behavior: an attempt of which nobody knows the outcome says so at the next one, after a restart too', async () => {
    const paced = createPaced((_, count) => {
      if (count === 1) throw new Error('The socket hung up.')
    })
    await tell(['a1'], [red])
    await pass(paced, 1)
    // Another process, and another revision meanwhile.
    await tell(['a2'], [red])
    await pass(paced, 1)
    expect(paced.calls.map(({ what, posting }) => [what, posting.isRepeat, posting.key])).toEqual([
      ['post a1', undefined, `test:a ${red}`],
      ['post a2', true, `test:a ${red}`],
    ])
  })

  test('behavior: a channel that takes nothing is told once, keeps its queue and goes on when it is mended', async () => {
    let isOpen = false
    const paced = createPaced(({ channel }) => {
      if (isOpen || channel !== red) return
      const reason = 'Slack says is_archived'
      throw new ChatRefusedError({ channel, scope: 'channel', reason, hint: 'Unarchive it.' })
    })
    const lane = createLane(paced.chat, { clock: () => paced.clock.ms })
    await tell(['a1', 'b1'], [red, blue])
    await pass(paced, 130, lane)
    await deliverDue(context, terminal)
    const titles = () => terminal.messages.map(({ message }) => JSON.stringify(message.title))
    expect(titles()).toEqual(['"Nothing reaches \\"busy:C1\\": Slack says is_archived."'])
    expect(shown(paced.calls.filter(({ channel }) => channel === red))).toEqual([
      '0 post a1',
      '60 post a1',
      '120 post a1',
    ])
    expect(paced.messages.map(({ place }) => place.channel)).toEqual([blue, blue])
    isOpen = true
    await pass(paced, 70, lane)
    await deliverDue(context, terminal)
    expect(titles()).toEqual([
      '[{"code":"busy:C1"}," takes messages again: what was kept follows"]',
    ])
    expect(paced.messages).toHaveLength(4)
  })

  test('behavior: a token that was revoked stops the whole chat, and is told elsewhere', async () => {
    const paced = createPaced(({ channel }) => {
      const reason = 'Slack says token_revoked'
      throw new ChatRefusedError({ channel, scope: 'chat', reason, hint: 'Put in a valid one.' })
    })
    await tell(['a1'], [red, blue])
    await pass(paced, 50)
    expect(paced.calls.length).toBeLessThanOrEqual(2)
    await deliverDue(context, terminal)
    expect(terminal.messages).toHaveLength(1)
  })

  test('behavior: red alerts call the role of the subscription, when they are new', async () => {
    const by = { account: 'terminal', name: 'Ann', organization: null, at: 0 }
    const value = { channel: red, caseId: '*', topics: [], min: null, chain: null, by }
    context.standing.subscription.set(`${red} *`, { ...value, page: 'busy:R1' })
    const paced = createPaced()
    await tell(['a1'], [red, blue], { severity: 'red' })
    await tell(['b1'], [red], { severity: 'amber' })
    await tell(['a2'], [blue], { severity: 'red' })
    await pass(paced, 9)
    const paged = paced.calls.filter(({ posting }) => posting.page !== undefined)
    expect(paged.map(({ what, channel, posting }) => [what, channel, posting.page])).toEqual([
      ['post a1', red, 'busy:R1'],
    ])
  })
})
