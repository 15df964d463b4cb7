import type { ChannelId, Chat, CommandCall, MessageRef, Posting } from '#types/chat.ts'
import type { Message, Reply, Section, Span, Text } from '#types/message.ts'
import { plainText } from '#utils/plainText.ts'

export type MemoryChat = Chat & {
  /** Every message as it is now, in the order of posting. */
  messages: { ref: MessageRef; message: Message; edits: number; place: Posting }[]
  /** Types a command as a person would, and gives the answer. */
  say(text: string, user?: CommandCall['user'], channel?: ChannelId): Promise<Reply>
}

/** The one who is admin in the settings that ship. */
const somebody = { id: 'terminal', name: 'Somebody' }

/**
 * A chat that lives in this process, for tests.
 * @example chat.listen(handler); const reply = await chat.say('/posse help')
 */
export function createMemoryChat({ name = 'memory' }: { name?: string } = {}): MemoryChat {
  const messages: MemoryChat['messages'] = []
  let handler: ((call: CommandCall) => Promise<Reply>) | null = null
  let answered: Promise<unknown> = Promise.resolve()
  let posts = 0

  async function post(message: Message, place: Posting): Promise<MessageRef> {
    posts += 1
    const ref = `${name}-${posts}`
    messages.push({ ref, message: toHarmless(message), edits: 0, place })
    return ref
  }

  return {
    name,
    home: name,
    messages,
    post,
    async edit(ref, message, place) {
      const posted = messages.find((known) => known.ref === ref)
      if (!posted) return await post(message, place)
      posted.message = toHarmless(message)
      posted.edits += 1
      return ref
    },
    listen(next) {
      handler = next
    },
    async say(text, user = somebody, channel = name) {
      const listener = handler
      if (!listener)
        throw new Error('Nobody listens to this chat: call listen() before, and stop() after.')
      const call = { text: text.trim().replace(/^\/?posse(?:\s+|$)/i, ''), user, channel }
      const reply = answered.then(() => listener(call)).catch(() => apology)
      answered = reply
      return toHarmless(await reply)
    },
    async stop() {
      handler = null
      await answered
    },
  }
}

const apology: Reply = {
  title: 'Something went wrong, and this command was not answered.',
  sections: [],
}

/** A copy as a reader may see it, which later changes of the message do not touch. */
function toHarmless<T extends Message>(message: T): T {
  return {
    ...message,
    title: cleanText(message.title),
    sections: message.sections.map(cleanSection),
  }
}

function cleanSection(section: Section): Section {
  switch (section.type) {
    case 'text':
      return { ...section, text: cleanText(section.text) }
    case 'fields':
      return {
        ...section,
        fields: section.fields.map(({ name, value }) => ({
          name: plainText(name),
          value: cleanText(value),
        })),
      }
    case 'table':
      return {
        ...section,
        columns: section.columns.map((column) => ({ ...column, name: plainText(column.name) })),
        rows: section.rows.map((row) => row.map(cleanText)),
      }
  }
}

function cleanText(text: Text): Text {
  return isList(text) ? text.map(cleanSpan) : cleanSpan(text)
}

function isList(text: Text): text is readonly Span[] {
  return Array.isArray(text)
}

function cleanSpan(span: Span): Span {
  if (typeof span === 'string') return plainText(span)
  if ('code' in span) return { code: plainText(span.code) }
  if ('strong' in span) return { strong: plainText(span.strong) }
  if ('link' in span) return { ...span, label: plainText(span.label) }
  return { ...span }
}
