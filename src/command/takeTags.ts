import { InvalidOptionError } from '#errors/input.ts'
import type { Word } from '#utils/splitWords.ts'
import { accepts, type Option } from './optionsOf.ts'

/** Words that a tag's value may go on for: `at:21 Feb 2025 14:16 UTC`. */
const maxJoined = 4

type Line = { line: string; words: readonly Word[]; usage: string }

/** The values of tags, by the key of their option, and the words that belong to none. */
export function takeTags(
  options: readonly Option[],
  { line, words, usage }: Line,
): { given: Record<string, unknown>; left: Word[] } {
  const tags = new Map(
    options.flatMap((option) => (option.form === 'tag' ? [[option.word, option]] : [])),
  )
  const hasText = options.some(({ form }) => form === 'text')
  const given: Record<string, unknown> = {}
  const left: Word[] = []
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as Word
    const found = readTag(word, tags)
    // In a sentence a word with a colon is more likely a word.
    const isWord = found?.value === '' && !word.isQuoted && hasText
    if (!found || isWord) {
      left.push(word)
      continue
    }
    const { option, value } = found
    const refuse = (text: string, reason: string) =>
      new InvalidOptionError({ option: option.word, text, reason, hint: usage })
    if (word.isUnclosed || isUnclosedValue(value)) throw refuse(value, 'its quotes are not closed')
    const text = line.slice(word.start, word.end)
    if (Object.hasOwn(given, option.key)) throw refuse(text, 'it is given twice')
    const { joined, count } = word.isQuoted
      ? { joined: value, count: 0 }
      : joinWords(option, value, plainWords(words.slice(at + 1, at + 1 + maxJoined), tags))
    if (joined === '' && !word.isQuoted) throw refuse(text, 'it has no value')
    given[option.key] = joined
    at += count
  }
  return { given, left }
}

function readTag(
  { text, before, isQuoted }: Word,
  tags: ReadonlyMap<string, Option>,
): { option: Option; value: string } | undefined {
  // In quotes it is no tag, unless the quotes are around its value alone.
  if (isQuoted && before === '') return undefined
  const [, name = '', value = ''] = /^([a-z][a-z-]{0,40}):(.*)$/is.exec(before + text) ?? []
  const option = tags.get(name.toLowerCase())
  return option && { option, value: isQuoted ? text : withoutComma(value) }
}

/** A comma between two words belongs to neither. */
export function withoutComma(text: string): string {
  return text.replace(/(?<![,;])[,;]+$/, '')
}

function isUnclosedValue(value: string): boolean {
  return /^["“”„‟]/.test(value)
}

/** Words up to the first that is quoted or a tag itself. */
function plainWords(words: readonly Word[], tags: ReadonlyMap<string, Option>): string[] {
  const end = words.findIndex((word) => word.isQuoted || readTag(word, tags))
  return (end < 0 ? words : words.slice(0, end)).map(({ text }) => text)
}

/**
 * A value that makes no sense alone goes on in the next words, as `1.5k ETH` and `2h ago` do: as many of them as still
 * make sense. What makes sense alone takes no other word.
 */
function joinWords(
  option: Option,
  value: string,
  next: readonly string[],
): { joined: string; count: number } {
  if (value !== '' && accepts(option, value)) return { joined: value, count: 0 }
  for (let count = next.length; count > 0; count -= 1) {
    const joined = withoutComma([value, ...next.slice(0, count)].join(' ').trim())
    if (accepts(option, joined)) return { joined, count }
  }
  // `min: x`, where x is wrong: said of x.
  const [first] = next
  if (value === '' && first !== undefined) return { joined: withoutComma(first), count: 1 }
  return { joined: value, count: 0 }
}
