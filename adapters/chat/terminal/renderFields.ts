import type { Section } from '#types/message.ts'
import { type Page, paintLine } from './page.ts'
import { splitWords, type Word } from './splitWords.ts'
import { lineWidth, widestWord, wrapWords } from './wrapWords.ts'

type Fields = Extract<Section, { type: 'fields' }>['fields']

/** Columns between a name and its value, and before a value that stands under its name. */
const gap = 2

/** Names in a column and their values beside them, or below where the page is too narrow for that. */
export function renderFields(fields: Fields, page: Page): string[] {
  const named = fields.map(({ name, value }) => ({
    name: splitWords(name, page.timeZone),
    value: splitWords(value, page.timeZone),
  }))
  // A name of a stranger may be long: it must not push all the values away.
  const nameWidths = named
    .map(({ name }) => lineWidth(name))
    .filter((size) => size <= page.width / 3)
  const column = Math.max(0, ...nameWidths)
  return named.flatMap((field) => renderField(field, column, page))
}

function renderField(
  { name, value }: { name: Word[]; value: Word[] },
  column: number,
  page: Page,
): string[] {
  const left = column + gap
  const fits = lineWidth(name) <= column && left + widestWord(value) <= page.width
  if (!fits) {
    return [
      ...wrapWords(name, page.width).map((line) => paintLine(line, page, 'quiet')),
      ...wrapWords(value, page.width - gap).map((line) => ' '.repeat(gap) + paintLine(line, page)),
    ]
  }
  return wrapWords(value, page.width - left).map((line, index) => {
    const head = index === 0 ? paintLine(name, page, 'quiet') : ''
    const padding = ' '.repeat(index === 0 ? left - lineWidth(name) : left)
    return `${head}${padding}${paintLine(line, page)}`
  })
}
