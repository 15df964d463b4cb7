/**
 * A number of things. `many` is what several are called, where that is not the word with an s.
 * @example countOf(9_970, 'payment') // '9,970 payments'
 */
export function countOf(count: number, noun: string, many = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : many}`
}
