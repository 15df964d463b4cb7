import type { Context } from '#src/context.ts'
import { type Command, nounOf } from '#src/defineCommand.ts'
import type { Member } from '#types/member.ts'
import { mayRun } from '#utils/findMember.ts'
import { hasUnsafeCharacters } from '#utils/plainText.ts'
import { splitWords } from '#utils/splitWords.ts'
import { findCommand } from './findCommand.ts'
import { listCompletions } from './listCompletions.ts'
import { type Option, optionsOf } from './optionsOf.ts'

/** As many as a person looks through, and as Discord takes. */
const maxCandidates = 25

/**
 * What a line typed so far may become, each as a whole line without `/posse`: commands that the asker may run, options,
 * and what is on the trail. Never fails: where something goes wrong there is nothing to offer.
 */
export async function completeCommand(
  context: Context,
  commands: readonly Command[],
  { text, member, limit = maxCandidates }: { text: string; member: Member | null; limit?: number },
): Promise<string[]> {
  try {
    const open = commands.filter((command) => mayRun(command, member))
    const names = completeName(open, text)
    const options = await completeOptions(context, open, { text, limit, member })
    return [...new Set([...names, ...options])].slice(0, limit)
  } catch (error) {
    context.log.warn({ err: error }, 'Completion failed')
    return []
  }
}

/**
 * What one option of a command may be, each as what stands in its field: of a list what was typed last goes on. Never
 * fails.
 */
export async function completeOption(
  context: Context,
  commands: readonly Command[],
  {
    command: name,
    word,
    typed,
    member,
    limit = maxCandidates,
  }: { command: string; word: string; typed: string; member: Member | null; limit?: number },
): Promise<string[]> {
  try {
    const command = commands.find((known) => known.name === name)
    const option = command && optionsOf(command).find((known) => known.word === word)
    if (!command || !option || !mayRun(command, member)) return []
    const [partial = ''] = option.form === 'rest' ? (/[^\s,;]*$/.exec(typed) ?? []) : [typed]
    const prefix = typed.slice(0, typed.length - partial.length)
    return await offer(context, commands, { option, partial, prefix, limit, member })
  } catch (error) {
    context.log.warn({ err: error }, 'Completion failed')
    return []
  }
}

/** Names by their first word; once that is there, by their second. */
function completeName(commands: readonly Command[], text: string): string[] {
  const [, noun = '', gap = '', verb, rest] = /^\s*(\S*)(\s*)(\S*)(.*)$/s.exec(text) ?? []
  if (rest !== '') return []
  const names = commands.map(({ name }) => name)
  const typed = gap === '' ? noun : `${noun} ${verb}`
  const known =
    names.includes(noun.toLowerCase()) ||
    names.some((name) => name.startsWith(`${noun.toLowerCase()} `))
  const choices = known ? names : [...new Set(names.map(nounOf))]
  return choices.filter((name) => name.startsWith(typed.toLowerCase()))
}

async function completeOptions(
  context: Context,
  commands: readonly Command[],
  { text, limit, member }: { text: string; limit: number; member: Member | null },
): Promise<string[]> {
  const [last = ''] = /\S*$/.exec(text) ?? []
  const before = text.slice(0, text.length - last.length)
  const found = findCommand(commands, before)
  if (!found || before.trim() === '') return []
  const all = optionsOf(found.command)
  const words = splitWords(found.line).map(({ start, end }) => found.line.slice(start, end))
  const used = new Set(words.flatMap((word) => tagOf(word, all)?.word ?? []))
  const tag = tagOf(last, all)
  if (tag) {
    const prefix = before + last.slice(0, tag.word.length + 1)
    return offer(context, commands, {
      option: tag,
      partial: last.slice(tag.word.length + 1),
      prefix,
      limit,
      member,
    })
  }
  const placed = all.filter(({ form }) => form !== 'tag')
  const count = words.filter((word) => !tagOf(word, all)).length
  const option = placed[count] ?? placed.findLast(({ form }) => form === 'rest' || form === 'text')
  const values = option
    ? await offerPlaced(context, commands, {
        option,
        before,
        last,
        line: found.line,
        limit,
        member,
      })
    : []
  const tags = all
    .filter(({ form, word }) => form === 'tag' && !used.has(word) && startsLike(`${word}:`, last))
    .map(({ word }) => `${before}${word}:`)
  return [...values, ...tags]
}

type Offer = {
  option: Option
  partial: string
  prefix: string
  limit: number
  member: Member | null
}

/** Candidates at a place of the line: a list goes on behind a comma, a text is completed as a whole. */
function offerPlaced(
  context: Context,
  commands: readonly Command[],
  {
    option,
    before,
    last,
    line,
    limit,
    member,
  }: {
    option: Option
    before: string
    last: string
    line: string
    limit: number
    member: Member | null
  },
): Promise<string[]> {
  if (option.form === 'text') {
    const typed = line === '' ? 0 : before.length - before.lastIndexOf(line)
    const at = before.length - typed
    return offer(context, commands, {
      option,
      partial: before.slice(at) + last,
      prefix: before.slice(0, at),
      limit,
      member,
    })
  }
  const [partial = ''] = option.form === 'rest' ? (/[^,;]*$/.exec(last) ?? []) : [last]
  return offer(context, commands, {
    option,
    partial,
    prefix: before + last.slice(0, last.length - partial.length),
    limit,
    member,
  })
}

async function offer(
  context: Context,
  commands: readonly Command[],
  { option, partial, prefix, limit, member }: Offer,
): Promise<string[]> {
  const { complete, values } = option
  const listed = complete
    ? await listCompletions(context, complete, { commands, partial, limit, member })
    : []
  const candidates: string[] = []
  for (const value of [...values, ...listed]) {
    if (candidates.length >= limit) break
    if (startsLike(value, partial) && isTypable(value, option)) candidates.push(prefix + value)
  }
  return candidates
}

function startsLike(value: string, partial: string): boolean {
  return value.toLowerCase().startsWith(partial.toLowerCase())
}

/** A value of several words would have to be quoted, but in a text. */
function isTypable(value: string, { form }: Option): boolean {
  return !hasUnsafeCharacters(value) && (form === 'text' || !/[\s,;"']/.test(value))
}

function tagOf(word: string, options: readonly Option[]): Option | undefined {
  return options.find(({ form, word: tag }) => form === 'tag' && startsLike(word, `${tag}:`))
}
