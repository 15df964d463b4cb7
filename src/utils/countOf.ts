/**
 * A number of things.
 * @example countOf(9_970, 'payment') // '9,970 payments'
 */
export function countOf(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}
