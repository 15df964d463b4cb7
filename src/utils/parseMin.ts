import { InvalidAmountError } from '#errors/input.ts'
import { maxAmount } from './parseAmount.ts'
import { readNumber, splitUnit } from './readNumber.ts'

/** Digits before the point; no asset needs more. */
const maxWholeDigits = maxAmount.toString().length

const hint = 'Write a number and a unit, such as min:10ETH or min:"1.5k USDT".'

/**
 * The least amount that somebody wants to hear of, whatever the asset: `10ETH`, `1.5k USDT`. A small suffix sticks to
 * the number only where a unit in capitals or a space follows: `10kETH` is 10,000 ETH, `10bnb` is 10 bnb.
 * @throws InvalidAmountError
 */
export function parseMin(text: string): { number: string; symbol: string } {
  const refuse = (reason: string) => new InvalidAmountError({ text, reason, hint })
  const number = readNumber(text)
  if (!number) throw refuse('it has no plain number')
  const unit = splitUnit(number.rest, isSymbol)
  if (!unit || unit.symbol === '') throw refuse('it has no unit such as ETH')
  const { whole, fraction } = number
  const moved = fraction.padEnd(unit.zeros, '0')
  const before = (whole + moved.slice(0, unit.zeros)).replace(/^0+(?=\d)/, '')
  const behind = moved.slice(unit.zeros).replace(/0+$/, '')
  if (before === '0' && behind === '') throw refuse('it must be more than 0')
  if (before.length > maxWholeDigits) throw refuse('it is more than any transfer can carry')
  return { number: behind === '' ? before : `${before}.${behind}`, symbol: unit.symbol }
}

/** Letters and digits as tokens have them; not where it looks like a suffix before a unit (`kETH`, `k ETH`). */
function isSymbol(text: string): boolean {
  const isWord = /^(?=.*\p{L})[\p{L}\p{N}₮.$-]{1,20}$/u.test(text)
  return isWord && !/^[kmb](?:$|[A-Z])/.test(text) && !/^[KMB]$/.test(text)
}
