import { InvalidAmountError } from '#errors/input.ts'

/** Largest amount that a transfer can carry, in base units. */
export const maxAmount = 2n ** 256n - 1n

/** Decimals of the units of ether. A map, for an object would know the unit `constructor`. */
const units = new Map([
  ['wei', 0],
  ['gwei', 9],
  ['eth', 18],
  ['ether', 18],
])

/**
 * An amount in wei: `173600ETH`, `1.5 eth`, `30gwei`, or a whole number of wei.
 * @throws InvalidAmountError
 */
export function parseAmount(text: string): bigint {
  const match = /^(?<number>\d+(?:\.\d+)?) ?(?<unit>[a-z]*)$/i.exec(text.trim())
  if (!match?.groups) throw new InvalidAmountError({ text, reason: 'it has no plain number' })
  const { number = '', unit = '' } = match.groups
  const [whole = '', fraction = ''] = number.split('.')
  if (unit === '' && fraction !== '') {
    throw new InvalidAmountError({ text, reason: 'a decimal number needs a unit' })
  }
  const decimals = units.get((unit || 'wei').toLowerCase())
  if (decimals === undefined) {
    throw new InvalidAmountError({ text, reason: 'its unit is none of wei, gwei and ETH' })
  }
  if (fraction.length > decimals) {
    throw new InvalidAmountError({ text, reason: `its unit has at most ${decimals} decimals` })
  }
  // Counted before it is made a number, which takes long for a million digits.
  if (whole.replace(/^0+/, '').length > 78) throw new InvalidAmountError({ text, reason: tooLarge })
  const amount = BigInt(whole + fraction.padEnd(decimals, '0'))
  if (amount > maxAmount) throw new InvalidAmountError({ text, reason: tooLarge })
  if (amount === 0n) throw new InvalidAmountError({ text, reason: 'it must be more than 0' })
  return amount
}

const tooLarge = 'it is more than any transfer can carry'
