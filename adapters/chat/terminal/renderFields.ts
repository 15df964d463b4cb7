import type { Section } from '#types/message.ts'
import { pad, textWidth, widestWord, wrap } from './lines.ts'
import type { Page } from './page.ts'
import { paintText } from './paintText.ts'

type Fields = Extract<Section, { type: 'fields' }>['fields']

/** Between a name and its value, and before a value that stands under its name. */
const gap = '  '

/** Names in a column and their values beside them, or below where the page is too narrow for that. */
export function renderFields(fields: Fields, page: Page): string[] {
  const painted = fields.map(({ name, value }) => ({
    name: paintText(name, page, 'dim') + gap,
    value: paintText(value, page),
  }))
  // A name of a stranger may be long: it must not push all the values away.
  const maxLeft = page.width / 3 + gap.length
  const nameWidths = painted.map(({ name }) => textWidth(name))
  const left = Math.max(gap.length, ...nameWidths.filter((size) => size <= maxLeft))
  return painted.flatMap(({ name, value }) => {
    if (textWidth(name) > left || left + widestWord(value) > page.width) {
      return [
        ...wrap(name.trimEnd(), page.width),
        ...wrap(value, page.width - gap.length).map((line) => gap + line),
      ]
    }
    const lines = wrap(value, page.width - left)
    return lines.map((line, index) => pad(index === 0 ? name : '', left) + line)
  })
}
