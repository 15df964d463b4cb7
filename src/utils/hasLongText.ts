import type { Message } from '#types/message.ts'
import { maxShown } from './plainText.ts'

/** Whether a piece of a message is longer than `plainText` shows. */
export function hasLongText({ title, sections }: Pick<Message, 'title' | 'sections'>): boolean {
  return isLong([title, sections])
}

function isLong(value: unknown): boolean {
  if (typeof value === 'string') return value.length > maxShown
  return typeof value === 'object' && value !== null && Object.values(value).some(isLong)
}
