import { styleText } from 'node:util'

/** What a message is set on. */
export type Page = {
  /** Columns. */
  width: number
  /** Whether escape sequences may be used. */
  colours: boolean
  /** The reader's, such as `Europe/Paris`. */
  timeZone: string
}

export type Format = Parameters<typeof styleText>[0]

/** A text in a format of Node's `styleText`, where the page has colours. */
export function paint(text: string, format: Format, { colours }: Page): string {
  // Whether colours are wanted is decided already, and not only by the stream of this process.
  return colours && text !== '' ? styleText(format, text, { validateStream: false }) : text
}
