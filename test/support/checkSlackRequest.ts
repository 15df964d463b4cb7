import * as limits from '#adapters/chat/slack/limits.ts'
import { pageLength } from '#adapters/chat/slack/renderBlocks.ts'
import type { ProxiedRequest } from './faultProxy.ts'

type Fields = Record<string, unknown>
type Thing = Record<string, unknown>

/** The arguments of a call of Slack's Web API, whichever way they were sent. */
export function fieldsOf({ headers, body, path }: ProxiedRequest): Fields {
  if (headers['content-type']?.includes('json')) return JSON.parse(body || '{}')
  const query = new URL(path, 'http://slack').searchParams
  const fields = Object.fromEntries([...query, ...new URLSearchParams(body)])
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      /^[[{]/.test(value) ? JSON.parse(value) : value,
    ]),
  )
}

/** What Slack would refuse of a request, and what nobody wants to be sent. */
export function checkSlackRequest(request: ProxiedRequest): string[] {
  const { path } = request
  const [, method = ''] = /\/api\/([\w.]+)/.exec(path) ?? []
  const isResponse = path.includes('/_hooks/response/')
  if (!isResponse && method === '') return []
  const fields = fieldsOf(request)
  const problems: string[] = []
  const refuse = (what: string) => problems.push(`${method || 'response_url'}: ${what}`)
  // Bolt itself says who it is in the body.
  const isOurs = method !== 'auth.test'
  if (isOurs && /xox[bap]-|xapp-/.test(`${path} ${request.body}`)) refuse('a token in the body')
  if (isResponse || method.startsWith('chat.')) checkMessage(fields, refuse)
  if (method.startsWith('views.')) checkView((fields.view ?? {}) as Thing, refuse)
  return problems
}

function checkMessage(fields: Fields, refuse: (what: string) => void): void {
  const { text, blocks } = fields
  if (typeof text !== 'string' || text === '') refuse('no text for notifications')
  else if (text.length > limits.maxFallback) refuse(`a text of ${text.length} characters`)
  else if (/<[!@#]/.test(text)) refuse('a mention in the text')
  if (fields.reply_broadcast) refuse('a reply that is broadcast')
  if (!Array.isArray(blocks)) return
  if (blocks.length > limits.maxBlocks) refuse(`${blocks.length} blocks`)
  const length = pageLength({ text: '', blocks })
  if (length > limits.maxMessageText) refuse(`${length} characters in a message`)
  for (const block of blocks) checkBlock(block, refuse)
}

function checkView(view: Thing, refuse: (what: string) => void): void {
  const blocks = (view.blocks ?? []) as Thing[]
  if (blocks.length > limits.maxViewBlocks) refuse(`${blocks.length} blocks in a view`)
  if (view.type === 'modal') {
    for (const part of ['title', 'submit', 'close']) {
      const { text = '' } = (view[part] ?? {}) as { text?: string }
      if (text.length > limits.maxModalTitle) refuse(`a ${part} of ${text.length} characters`)
    }
    const metadata = String(view.private_metadata ?? '')
    if (metadata.length > limits.maxModalMetadata) refuse('too much private metadata')
  }
  for (const block of blocks) checkBlock(block, refuse)
}

function checkBlock(block: Thing, refuse: (what: string) => void): void {
  const elements = (block.elements ?? []) as Thing[]
  if (block.type === 'actions') {
    if (elements.length > limits.maxButtons) refuse(`${elements.length} buttons`)
    for (const { text, value } of elements as { text: { text: string }; value: string }[]) {
      if (text.text.length > limits.maxButtonText || text.text === '')
        refuse('the text of a button')
      if (value.length > limits.maxButtonValue) refuse('the value of a button')
    }
  }
  if (block.type === 'section' || block.type === 'context') {
    const { text = '' } = (block.text ?? {}) as { text?: string }
    if (text.length > limits.maxText) refuse(`a section of ${text.length} characters`)
  }
  if (block.type === 'rich_text' && elements.some((each) => isEmpty(each))) {
    refuse('an empty piece of rich text')
  }
}

function isEmpty({ elements = [] }: Thing): boolean {
  return (elements as Thing[]).some(({ type, text }) => type === 'text' && text === '')
}
