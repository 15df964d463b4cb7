import { describe, expect, test } from 'vitest'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { testChat } from '#test/contract/chat.ts'
import type { Message, Span, Text } from '#types/message.ts'

const place = { channel: 'terminal' }

/** The words of a message in reading order. */
function readMessage({ title, sections }: Message): string {
  const texts: Text[] = [title]
  for (const section of sections) {
    if (section.type === 'text') texts.push(section.text)
    if (section.type === 'fields')
      texts.push(...section.fields.flatMap(({ name, value }) => [name, value]))
    if (section.type === 'table')
      texts.push(...section.columns.map(({ name }) => name), ...section.rows.flat())
  }
  return texts.map((text) => ([text].flat() as Span[]).map(readSpan).join('')).join('\n')
}

function readSpan(span: Span): string {
  return typeof span === 'string' ? span : String(Object.values(span)[0])
}

testChat('memory', () => {
  const chat = createMemoryChat()
  const replies: Message[] = []
  return {
    chat,
    say: (text) => chat.say(text).then((reply) => replies.push(reply), String),
    seen: () =>
      [...chat.messages.map(({ message }) => message), ...replies].map(readMessage).join('\n'),
  }
})

const before: Message = { title: 'before', sections: [] }
const after: Message = { title: 'after', sections: [] }

describe('createMemoryChat', () => {
  test('default: remembers each message as it is now', async () => {
    const chat = createMemoryChat()
    const first = await chat.post(before, place)
    const second = await chat.post(before, place)
    await chat.edit(first, after, place)
    expect(chat.messages).toEqual([
      { ref: first, message: after, edits: 1, place },
      { ref: second, message: before, edits: 0, place },
    ])
  })

  test('behavior: edits a quiet message like any other', async () => {
    const chat = createMemoryChat()
    const ref = await chat.post(before, place)
    await chat.edit(ref, { ...after, isQuiet: true }, place)
    expect(chat.messages).toEqual([{ ref, message: { ...after, isQuiet: true }, edits: 1, place }])
  })

  test('behavior: has the name that it is given', () => {
    expect([createMemoryChat().name, createMemoryChat({ name: 'case-room' }).name]).toEqual([
      'memory',
      'case-room',
    ])
  })

  test('behavior: later changes of a message do not reach it', async () => {
    const chat = createMemoryChat()
    const message: Message = { title: 'now', sections: [{ type: 'table', columns: [], rows: [] }] }
    await chat.post(message, place)
    message.sections.pop()
    expect(chat.messages[0]?.message.sections).toHaveLength(1)
  })

  test('behavior: says who types', async () => {
    const chat = createMemoryChat()
    chat.listen(async ({ user }) => ({ title: user.name, sections: [], visibility: 'channel' }))
    expect(await chat.say('/posse help', { id: 'u1', name: 'Ada' })).toEqual({
      title: 'Ada',
      sections: [],
      visibility: 'channel',
    })
  })

  test('error: nobody listens', async () => {
    await expect(createMemoryChat().say('/posse help')).rejects.toThrow('Nobody listens')
  })
})
