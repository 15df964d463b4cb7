import { describe, expect, test } from 'vitest'
import { parseAddress } from '#utils/parseAddress.ts'
import { parseTransaction } from '#utils/parseTransaction.ts'

/** Test vectors of BIP-173 and BIP-350, and the first addresses of Bitcoin. */
const right: readonly [string, string][] = (
  [
    ['BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
    ['tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7'],
    ['bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0'],
    ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
    ['3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy'],
    [`coinjoin:${'ab'.repeat(32)}`],
  ] as const
).map(([text, parsed = text]) => [text, parsed])

const wrong = [
  ['a digit changed', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5'],
  ['the checksum of the other version', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7k8zkr7v'],
  [
    'taproot with the checksum of old',
    'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd',
  ],
  ['both cases', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kV8F3T4'],
  ['an old one changed', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb'],
] as const

describe('addresses of Bitcoin', () => {
  test.each(right)('default: %s', (text, parsed) => {
    expect(parseAddress(text)).toBe(parsed)
    expect(parseAddress(` <${text}> `)).toBe(parsed)
    expect(parseAddress(`https://mempool.space/address/${text}`)).toBe(parsed)
  })

  test.each(wrong)('error: %s fails its checksum', (_what, text) => {
    expect(() => parseAddress(text)).toThrowError(
      expect.objectContaining({ name: 'AddressChecksumError' }),
    )
  })

  test('behavior: CAIP-10, and transactions without 0x', () => {
    const id = 'bip122:000000000019d6689c085ae165831e93'
    expect(parseAddress(`${id}:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa`)).toBe(
      '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
    )
    expect(parseTransaction(`https://mempool.space/tx/${'AB'.repeat(32)}`)).toBe('ab'.repeat(32))
  })
})
