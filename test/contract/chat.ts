import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Chat } from '#types/chat.ts'
import type { Message, Reply } from '#types/message.ts'
import { hasUnsafeCharacters } from '#utils/plainText.ts'

/** One chat and both ends of it: what a person types, and what people see. */
export type ChatHarness = {
  chat: Chat
  /** Where it posts. @default 'terminal' */
  channel?: string
  /** Types a line as a person would. Need not wait for the answer, and never rejects. */
  say(text: string): Promise<unknown>
  /** All that people can see now, the oldest first, with every character as it reached them. */
  seen(): string
  close?(): Promise<void>
}

/** Characters and sequences that move cursors, hide text or turn it around. */
const tricks = [
  ...['\u0000', '\u0007', '\b', '\t', '\n', '\r', '\r\n', '\u007f', '\u0085', '\u2028', '\u2029'],
  ...['\u001b[31m', '\u001b[2J', '\u001b]0;title\u0007', '\u001b', '\u009b31m', '\u0090'],
  ...['\u202e', '\u202d', '\u2066', '\u2069', '\u200e', '\u200f', '\u061c'],
  ...['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u{e0041}', '\ud800', '\udc00'],
]

/** The places of a message that can hold a stranger's text. */
const places: Record<string, (text: string) => Message> = {
  title: (text) => ({ title: text, sections: [] }),
  'a title of spans': (text) => ({ title: ['The ', { strong: text }, ' of'], sections: [] }),
  text: (text) => ({ title: 'Title', sections: [{ type: 'text', text: ['Of ', text] }] }),
  code: (text) => ({ title: 'Title', sections: [{ type: 'text', text: { code: text } }] }),
  strong: (text) => ({ title: 'Title', sections: [{ type: 'text', text: { strong: text } }] }),
  'the name of a field': (text) => fields(text, 'value'),
  'the value of a field': (text) => fields('name', text),
  'the head of a table': (text) => table(text, 'cell'),
  'a cell of a table': (text) => table('head', text),
}

function fields(name: string, value: string): Message {
  return { title: 'Title', sections: [{ type: 'fields', fields: [{ name, value }] }] }
}

function table(name: string, cell: string): Message {
  const columns = [{ name }, { name: 'other', align: 'right' as const }]
  return { title: 'Title', sections: [{ type: 'table', columns, rows: [[cell, '1']] }] }
}

const titled = (title: string): Message => ({ title, sections: [] })

/** A message long enough to be torn apart if it were written in pieces. */
const long = (name: string): Message => ({
  title: `${name}-0`,
  sections: Array.from({ length: 200 }, (_, at) => ({ type: 'text', text: `${name}-${at + 1}` })),
})

/** What every chat adapter must do. Each runs it against its own fake of the platform. */
export function testChat(
  name: string,
  createHarness: () => ChatHarness | Promise<ChatHarness>,
): void {
  describe(`chat contract: ${name}`, () => {
    let harness: ChatHarness
    let place = { channel: 'terminal' }

    beforeEach(async () => {
      harness = await createHarness()
      place = { channel: harness.channel ?? 'terminal' }
    })

    afterEach(async () => {
      await harness.chat.stop()
      await harness.close?.()
    })

    const see = (text: string) => vi.waitFor(() => expect(harness.seen()).toContain(text), 5_000)

    test('behavior: posts arrive in order', async () => {
      const titles = Array.from({ length: 20 }, (_, at) => `post-${at}.`)
      for (const title of titles) await harness.chat.post(titled(title), place)
      await see('post-19.')
      expect(harness.seen().match(/post-\d+\./g)).toEqual(titles)
    })

    test('behavior: two posts at the same time both arrive whole', async () => {
      await Promise.all([
        harness.chat.post(long('left'), place),
        harness.chat.post(long('right'), place),
      ])
      await see('right-200')
      const lines = (side: string) => Array.from({ length: 201 }, (_, at) => `${side}-${at}`)
      const seen = harness.seen().match(/(?:left|right)-\d+/g)
      expect(seen).toEqual([...lines('left'), ...lines('right')])
    })

    test('behavior: every post has a ref of its own', async () => {
      const refs = [
        await harness.chat.post(titled('a'), place),
        await harness.chat.post(titled('a'), place),
      ]
      expect(new Set(refs).size).toBe(2)
    })

    test('behavior: an edit shows the message as it is now', async () => {
      const ref = await harness.chat.post(titled('before'), place)
      await harness.chat.edit(ref, titled('after'), place)
      await see('after')
    })

    test('behavior: an edit of a message that is gone is posted', async () => {
      await harness.chat.edit('gone', titled('told all the same'), place)
      await see('told all the same')
    })

    test('behavior: commands lose their prefix and are answered one after the other', async () => {
      const calls: string[] = []
      let running = 0
      harness.chat.listen(async ({ text, user }): Promise<Reply> => {
        running += 1
        expect(running).toBe(1)
        expect(user).toEqual({ id: expect.any(String), name: expect.any(String) })
        calls.push(text)
        // The first takes longest, so that answers would overtake each other if they could.
        await new Promise((resolve) => setTimeout(resolve, 20 - 5 * calls.length))
        running -= 1
        return titled(`answer-${text.replaceAll(' ', '-')}.`)
      })
      const said = ['/posse case list', '  /posse   help  ', '/posse freeze approve 1'].map(
        (text) => harness.say(text),
      )
      await see('answer-freeze-approve-1.')
      await Promise.all(said)
      expect(calls).toEqual(['case list', 'help', 'freeze approve 1'])
      expect(harness.seen().match(/answer-.*\./g)).toEqual(
        ['case-list', 'help', 'freeze-approve-1'].map((text) => `answer-${text}.`),
      )
    })

    test('behavior: a handler that throws does not end the chat', async () => {
      harness.chat.listen(({ text }) => {
        if (text === 'throw') throw new Error('secret of the log')
        if (text === 'reject') return Promise.reject(new Error('secret of the log'))
        return Promise.resolve(titled('still here'))
      })
      for (const text of ['throw', 'reject', 'help']) await harness.say(`/posse ${text}`)
      await see('still here')
      expect(harness.seen().match(/Something went wrong/g)).toHaveLength(2)
      expect(harness.seen()).not.toContain('secret')
    })

    test.each(
      Object.entries(places),
    )('behavior: nothing tricky gets out of %s', async (_, write) => {
      for (const trick of tricks) await harness.chat.post(write(`begin${trick}end`), place)
      await harness.chat.post(titled('the last'), place)
      await see('the last')
      const shown = harness.seen().match(/begin[\s\S]*?end/g) ?? []
      expect(shown).toHaveLength(tricks.length)
      expect(shown.filter(hasUnsafeCharacters)).toEqual([])
    })

    test('behavior: an answer is made harmless too', async () => {
      harness.chat.listen(async () => titled('begin\u001b[2J\u202eend'))
      await harness.say('/posse help')
      await see('begin')
      expect(hasUnsafeCharacters(/begin[\s\S]*?end/.exec(harness.seen())?.[0] ?? '\n')).toBe(false)
    })

    test('behavior: a text too long for anybody does no harm', async () => {
      await harness.chat.post(titled('x'.repeat(100_000)), place)
      await harness.chat.post(titled('the last'), place)
      await see('the last')
    })

    test('behavior: stop waits for the answer under way', async () => {
      const begun = Promise.withResolvers<void>()
      harness.chat.listen(async () => {
        begun.resolve()
        await new Promise((resolve) => setTimeout(resolve, 50))
        return titled('answered in the end')
      })
      const said = harness.say('/posse help')
      await begun.promise
      await harness.chat.stop()
      await said
      await see('answered in the end')
    })

    test('behavior: nothing is handed on after stop, which may be called again', async () => {
      const handler = vi.fn(async () => titled('an answer'))
      harness.chat.listen(handler)
      await Promise.all([harness.chat.stop(), harness.chat.stop()])
      await harness.chat.stop()
      await harness.say('/posse help')
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(handler).not.toHaveBeenCalled()
      expect(harness.seen()).not.toContain('an answer')
    })

    test('behavior: stop before listen', async () => {
      await harness.chat.stop()
    })
  })
}
