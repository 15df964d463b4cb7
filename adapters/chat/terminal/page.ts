import { styleText } from 'node:util'
import type { Style } from './splitWords.ts'
import type { Line } from './wrapWords.ts'

/** What a message is set on. */
export type Page = {
  /** Columns. */
  width: number
  /** Whether escape sequences may be used. */
  colours: boolean
  /** The reader's, such as `Europe/Paris`. */
  timeZone: string
}

type Format = Parameters<typeof styleText>[0]

const formats: Record<Exclude<Style, 'plain'>, Format> = {
  strong: 'bold',
  code: 'cyan',
  quiet: 'dim',
}

/** A line as text, in its styles where the page has colours. `style` is for what has none of its own. */
export function paintLine(line: Line, page: Page, style: Style = 'plain'): string {
  const runs: { text: string; style: Style }[] = []
  for (const [index, word] of line.entries()) {
    const space = index > 0 ? [{ text: ' ', style: runs.at(-1)?.style ?? style }] : []
    for (const piece of [...space, ...word]) {
      const own = piece.style === 'plain' ? style : piece.style
      const last = runs.at(-1)
      if (last?.style === own) last.text += piece.text
      else runs.push({ text: piece.text, style: own })
    }
  }
  return runs.map((run) => paintRun(run, page)).join('')
}

function paintRun({ text, style }: { text: string; style: Style }, page: Page): string {
  return style === 'plain' ? text : paint(text, formats[style], page)
}

/** A text in a format of Node's `styleText`, where the page has colours. */
export function paint(text: string, format: Format, { colours }: Page): string {
  // Whether colours are wanted is decided already, and not only by the stream of this process.
  return colours ? styleText(format, text, { validateStream: false }) : text
}
