import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UserError } from '#errors/userError.ts'
import { parseSubject } from '#utils/parseSubject.ts'
import { parseTransaction } from '#utils/parseTransaction.ts'

const address = '0x098b716b8aaf21512996dc57eb0615e2383e2f96'
const hash = `0x${'aB'.repeat(32)}`
const lowerHash = hash.toLowerCase()

describe('parseTransaction', () => {
  test.each([
    hash,
    ` ${hash}\n`,
    `<${hash}>`,
    `"${hash}",`,
    `https://etherscan.io/tx/${hash}`,
    `https://etherscan.io/tx/${hash}#eventlog`,
    `etherscan.io/tx/${hash}.`,
    `<https://eth.blockscout.com/tx/${hash}?tab=logs|the transaction>`,
  ])('default: reads %s', (text) => {
    expect(parseTransaction(text)).toBe(lowerHash)
  })

  test.each([
    '',
    'tx',
    address,
    hash.slice(0, -1),
    `${hash}0`,
    `https://etherscan.io/address/${hash}`,
    `https://etherscan.io/tx/${hash.slice(0, -1)}`,
    `javascript:${hash}`,
    'https://',
  ])('error: "%s" is no transaction', (text) => {
    expect(() => parseTransaction(text)).toThrow('is not a transaction.')
  })
})

describe('parseSubject', () => {
  test('default: tells addresses from transactions', () => {
    expect(parseSubject(address)).toEqual({ address })
    expect(parseSubject(hash)).toEqual({ transaction: lowerHash })
    expect(parseSubject(`https://etherscan.io/address/${address}`)).toEqual({ address })
    expect(parseSubject(`https://etherscan.io/tx/${hash}`)).toEqual({ transaction: lowerHash })
  })

  test('error: a wrong checksum is said', () => {
    expect(() => parseSubject('0x098b716B8Aaf21512996dC57EB0615e2383E2f96')).toThrow('checksum')
  })

  test('error: neither', () => {
    expect(() => parseSubject('vitalik.eth')).toThrowErrorMatchingInlineSnapshot(
      `[InvalidSubjectError: "vitalik.eth" is neither an address nor a transaction.]`,
    )
  })

  test('behavior: any text is read or refused in a sentence, at once', () => {
    const start = performance.now()
    for (const text of ['(', '.', ' ', '"', '/', 'a.', '0x']) {
      for (const many of [text.repeat(500), text.repeat(100_000), `${text.repeat(240)}x`]) {
        expect(() => parseSubject(many)).toThrow(UserError)
      }
    }
    expect(performance.now() - start).toBeLessThan(1_000)
    const pasted = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl().map((url) => `${url}/tx/${hash}`),
      fc
        .tuple(fc.constantFrom('<', '"', '(', 'eip155:1:', 'https://x.y/token/'), fc.string())
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(pasted, (text) => {
        try {
          expect(Object.values(parseSubject(text))[0]).toMatch(/^0x(?:[0-9a-f]{40}|[0-9a-f]{64})$/)
        } catch (error) {
          expect(error).toBeInstanceOf(UserError)
        }
      }),
    )
  })
})
