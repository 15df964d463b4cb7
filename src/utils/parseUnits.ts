import { InvalidAmountError } from '#errors/input.ts'
import type { Asset } from '#types/chain.ts'
import { maxAmount } from './parseAmount.ts'
import { readNumber, splitUnit } from './readNumber.ts'

/** Digits of the largest amount; longer ones are not even made a number. */
const maxDigits = maxAmount.toString().length

/**
 * An amount of an asset in base units, as people write it: `1.5k ETH`, `1,250.5 ETH`, `401_346 eth`, `2m`, `0.5`.
 * A whole number alone is refused, since it may mean base units.
 * @throws InvalidAmountError
 */
export function parseUnits(text: string, { symbol, decimals }: Asset): bigint {
  const hint = `Write a number with its unit, such as 1.5 ${symbol} or 2k ${symbol}.`
  const refuse = (reason: string) => new InvalidAmountError({ text, reason, hint })
  const number = readNumber(text)
  if (!number) throw refuse('it has no plain number')
  const { whole, fraction } = number
  const unit = splitUnit(number.rest, (rest) => rest.toLowerCase() === symbol.toLowerCase())
  if (!unit) throw refuse(`its unit is not ${symbol}`)
  if (unit.symbol === '' && unit.zeros === 0 && !number.hasPoint) {
    throw refuse(`without a unit it could be ${symbol} or base units`)
  }
  const places = decimals + unit.zeros
  const kept = fraction.replace(/0+$/, '')
  if (kept.length > places) throw refuse(`${symbol} has at most ${decimals} decimals`)
  const digits = (whole + kept.padEnd(places, '0')).replace(/^0+/, '')
  if (digits === '') throw refuse('it must be more than 0')
  if (digits.length > maxDigits || BigInt(digits) > maxAmount) {
    throw refuse('it is more than any transfer can carry')
  }
  return BigInt(digits)
}
