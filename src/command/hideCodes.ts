import type { CommandCall } from '#types/chat.ts'
import { nearest } from '#utils/nearest.ts'

/** Stands in the place of a code. */
const mark = '…'

/** The value of a tag, in quotes or not; digits that follow belong to it: `code: 123 456`. */
const tag = /\bcode\s*:\s*(?:["“”„‟][^"“”„‟]*["“”„‟]?|\S*(?:[ \t-]+\d+)*)/gi

/** Digits that may be a code of `totp confirm`. */
const digits = /\d(?:[\d\s-]*\d)?/g

/** Shorter pieces stand in all kinds of words. */
const minPiece = 3

/** A command as it was typed, without its codes: they never enter the audit log. */
export function hideCodes(text: string): string {
  const hidden = text.replace(tag, `code:${mark}`)
  return isOfTotp(text) ? hidden.replace(digits, mark) : hidden
}

/** What hides the codes of a command in whatever is said of it. */
export function codeHider({ text, given }: CommandCall): (said: string) => string {
  const typed = [
    ...[...text.matchAll(tag)].map(([each]) => each.replace(/^code\s*:\s*/i, '')),
    ...(isOfTotp(text) ? (text.match(digits) ?? []) : []),
    ...(given?.code === undefined ? [] : [given.code]),
  ]
  const pieces = typed.flatMap((each) => [each, ...each.split(/[\s"“”„‟]+/)])
  const codes = [...new Set(pieces.filter(({ length }) => length >= minPiece))]
  if (codes.length === 0) return (said) => said
  codes.sort((a, b) => b.length - a.length)
  return (said) =>
    codes.reduce((left, code) => left.replaceAll(code, mark), said).replace(tag, `code:${mark}`)
}

/** Also where its name is mistyped or left out. */
function isOfTotp(text: string): boolean {
  const [first = ''] = text.trim().toLowerCase().split(/\s+/)
  const isNear = nearest(first, ['totp', 'confirm', 'enroll']) !== null
  return isNear || first.startsWith('totp') || /^[\d\s-]+$/.test(text)
}
