import { z } from 'zod'
import { InvalidOptionError, MissingOptionError } from '#errors/input.ts'
import type { Command } from '#src/defineCommand.ts'
import { nearest } from '#utils/nearest.ts'
import { splitWords, type Word } from '#utils/splitWords.ts'
import { commandUsage } from './commandUsage.ts'
import { describeIssue } from './describeIssue.ts'
import { type Option, optionsOf } from './optionsOf.ts'
import { takeTags, withoutComma } from './takeTags.ts'

/**
 * The checked options of a command, read from what was typed behind its name, or from a form: each by its word.
 * @throws UserError
 */
export function parseOptions(
  command: Command,
  line: string,
  form?: Record<string, string>,
): Record<string, unknown> {
  const options = optionsOf(command)
  const usage = `Usage: ${commandUsage(command)}`
  const given = form ? readForm(options, form) : readLine(command, { line, options, usage })
  for (const option of options) matchCase(option, given)
  const parsed = z.safeParse(command.options, given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const option = options.find(({ key }) => key === issue?.path[0])
  if (!issue || !option) {
    const reason = describeIssue(issue)
    throw new InvalidOptionError({
      option: `/posse ${command.name}`,
      text: line,
      reason,
      hint: usage,
    })
  }
  if (given[option.key] === undefined) {
    throw new MissingOptionError({
      option: option.word.toUpperCase(),
      usage: commandUsage(command),
      filled: { command: command.name, given: writeForm(options, given) },
    })
  }
  throw refuse(option, { value: valueAt(given, issue.path), issue, usage })
}

type Given = Record<string, unknown>

function readLine(
  command: Command,
  { line, options, usage }: { line: string; options: readonly Option[]; usage: string },
): Given {
  const { given, left } = takeTags(options, { line, words: splitWords(line), usage })
  placeWords(command, { line, words: left, options, given, usage })
  return given
}

/** What stands in a field is its option's, whatever it looks like; an empty field is left out. */
function readForm(options: readonly Option[], form: Record<string, string>): Given {
  const filled = options.flatMap(({ key, word, form: kind }) => {
    const text = Object.hasOwn(form, word) ? (form[word] ?? '').trim() : ''
    if (text === '') return []
    return [[key, kind === 'rest' ? splitWords(text).flatMap(itemsOf) : text]]
  })
  return Object.fromEntries(filled)
}

function writeForm(options: readonly Option[], given: Given): Record<string, string> {
  const filled = options.flatMap(({ key, word }) =>
    given[key] === undefined ? [] : [[word, [given[key]].flat().join(' ')]],
  )
  return Object.fromEntries(filled)
}

type Placing = {
  line: string
  words: readonly Word[]
  options: readonly Option[]
  given: Given
  usage: string
}

/** Puts words into the options that have their place by order. */
function placeWords(command: Command, { line, words, options, given, usage }: Placing): void {
  let left = words.filter((word) => word.isQuoted || !/^[,;]+$/.test(word.text))
  for (const option of options) {
    if (left.length === 0) return
    if (option.form === 'tag') continue
    if (option.form === 'text') {
      given[option.key] = textOf(line, words.slice(words.indexOf(left[0] as Word)))
      return
    }
    if (option.form === 'rest') {
      given[option.key] = left.flatMap(itemsOf)
      return
    }
    const [word, ...others] = left
    if (word) given[option.key] = wordOf(word, option, usage)
    left = others
  }
  const [extra] = left
  if (!extra) return
  const tag = nearestTag(extra, options)
  throw new InvalidOptionError({
    option: `/posse ${command.name}`,
    text: line.slice(extra.start, extra.end),
    reason: 'it is one word too many',
    hint: tag === null ? usage : `Did you mean "${tag}:"? ${usage}`,
  })
}

function wordOf(word: Word, { word: option }: Option, usage: string): string {
  if (word.isUnclosed) {
    const reason = 'its quotes are not closed'
    throw new InvalidOptionError({ option, text: word.text, reason, hint: usage })
  }
  return word.isQuoted ? word.before + word.text : withoutComma(word.text)
}

function itemsOf(word: Word): string[] {
  if (word.isQuoted) return [word.before + word.text]
  return word.text.split(/[,;]+/).filter((item) => item !== '')
}

/** What was typed, but for the tags in between; quotes around all of it are taken off. */
function textOf(line: string, words: readonly Word[]): string {
  const [first] = words
  if (words.length === 1 && first?.isQuoted && first.before === '') return first.text
  const runs: { start: number; end: number }[] = []
  for (const { start, end } of words) {
    const last = runs.at(-1)
    if (last && line.slice(last.end, start).trim().replace(/[,;]/g, '') === '') last.end = end
    else runs.push({ start, end })
  }
  return runs.map(({ start, end }) => line.slice(start, end)).join(' ')
}

function nearestTag({ text, before }: Word, options: readonly Option[]): string | null {
  const [, name] = /^([a-z-]{1,40}):/i.exec(before + text) ?? []
  const tags = options.filter(({ form }) => form === 'tag').map(({ word }) => word)
  return name === undefined ? null : nearest(name.toLowerCase(), tags)
}

/** Phones begin with a capital: the value of an enum is taken in any case. */
function matchCase({ key, values }: Option, given: Given): void {
  const match = (text: unknown) =>
    values.find((value) => value.toLowerCase() === String(text).toLowerCase()) ?? text
  const value = given[key]
  if (values.length === 0 || value === undefined) return
  given[key] = Array.isArray(value) ? value.map(match) : match(value)
}

type Issue = z.core.$ZodIssue

/** What was typed at the place of an issue, as far as it leads into what was typed. */
function valueAt(given: Given, path: Issue['path']): string {
  const [key = '', index] = path
  const value = given[String(key)]
  return String(Array.isArray(value) && typeof index === 'number' ? value[index] : value)
}

function refuse(
  { word, values }: Option,
  { value, issue, usage }: { value: string; issue: Issue; usage: string },
): InvalidOptionError {
  if (issue.code !== 'invalid_value' || values.length === 0) {
    const reason = describeIssue(issue)
    return new InvalidOptionError({ option: word, text: value, reason, hint: usage })
  }
  const meant = nearest(value.toLowerCase(), values)
  return new InvalidOptionError({
    option: word,
    text: value,
    reason: `it is none of ${values.join(', ')}`,
    hint: meant === null ? usage : `Did you mean "${meant}"? ${usage}`,
  })
}
