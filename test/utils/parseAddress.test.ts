import fc from 'fast-check'
import { getAddress } from 'viem/utils'
import { describe, expect, test } from 'vitest'
import { parseAddress, showAddress } from '#utils/parseAddress.ts'

const lower = '0x098b716b8aaf21512996dc57eb0615e2383e2f96'
const checksummed = '0x098B716B8Aaf21512996dC57EB0615e2383E2f96'
const hex = '0123456789abcdef'
const anyAddress = fc
  .string({ unit: fc.constantFrom(...hex), minLength: 40, maxLength: 40 })
  .map((digits) => `0x${digits}` as const)

describe('parseAddress', () => {
  test.each([
    ['lower case', lower],
    ['its checksum', checksummed],
    ['upper case', `0x${lower.slice(2).toUpperCase()}`],
    ['upper case with 0X', lower.toUpperCase()],
    ['spaces around it', `\t${checksummed} \n`],
  ])('default: gives lower case of an address in %s', (_, text) => {
    expect(parseAddress(text)).toBe(lower)
  })

  test('behavior: takes digits alone, which have no case', () => {
    const digits = `0x${'1234567890'.repeat(4)}`
    expect(parseAddress(digits)).toBe(digits)
  })

  test.each([
    `<${checksummed}>`,
    `"${lower}"`,
    `“${lower}”,`,
    `(${checksummed}).`,
    `\`${lower}\``,
    `eip155:1:${checksummed}`,
    `https://etherscan.io/address/${lower}`,
    `https://etherscan.io/address/${lower}#code`,
    `http://bscscan.com/address/${checksummed}?x=1`,
    `etherscan.io/address/${lower}`,
    `https://etherscan.io/token/0xdac17f958d2ee523a2206206994597c13d831ec7?a=${lower}`,
    `https://etherscan.io/token/${lower}`,
    `https://eth.blockscout.com/address/${checksummed}?tab=txs`,
    `https://example.com/en/address/${lower}/transfers`,
    `<https://etherscan.io/address/${lower}|etherscan.io/address/0x09…>`,
  ])('behavior: takes what was pasted, %s', (text) => {
    expect(parseAddress(text)).toBe(lower)
  })

  test.each([
    'https://etherscan.io/address/vitalik.eth',
    `https://etherscan.io/tx/${lower}`,
    `https://etherscan.io/token/${lower}?a=0x12`,
    `ftp://etherscan.io/address/${lower}`,
    `eip155:x:${lower}`,
    `bip122:1:${lower}`,
    `https://${lower}`,
  ])('error: %s is no address', (text) => {
    expect(() => parseAddress(text)).toThrow('is not an address.')
  })

  test('error: a link with a wrong checksum', () => {
    const text = `https://etherscan.io/address/${checksummed.replace('B', 'b')}`
    expect(() => parseAddress(text)).toThrow('fails its checksum')
  })

  // The examples of EIP-55.
  test.each([
    '0x52908400098527886E0F7030069857D2E4169EE7',
    '0x8617E340B3D01FA5F11F306F4090FD50E238070D',
    '0xde709f2102306220921060314715629080e2fb77',
    '0x27b1fdb04752bbc536007a920d24acb045561c26',
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
    '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
    '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
  ])('behavior: takes %s of EIP-55', (text) => {
    expect(parseAddress(text)).toBe(text.toLowerCase())
  })

  test('behavior: takes what showAddress shows', () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        expect(parseAddress(showAddress(address))).toBe(address)
      }),
    )
  })

  test('behavior: refuses any wrong case among right ones', () => {
    fc.assert(
      fc.property(anyAddress, fc.nat(39), (address, place) => {
        const digits = [...getAddress(address).slice(2)]
        const digit = digits[place]!
        digits[place] = digit === digit.toUpperCase() ? digit.toLowerCase() : digit.toUpperCase()
        const text = digits.join('')
        fc.pre(text !== getAddress(address).slice(2))
        fc.pre(text !== text.toLowerCase() && text !== text.toUpperCase())
        expect(() => parseAddress(`0x${text}`)).toThrow('fails its checksum')
      }),
    )
  })

  test('error: one letter has the wrong case', () => {
    const text = checksummed.replace('B', 'b')
    expect(() => parseAddress(text)).toThrowErrorMatchingInlineSnapshot(
      `[AddressChecksumError: The address "0x098b716B8Aaf21512996dC57EB0615e2383E2f96" fails its checksum: a digit or a letter's case is wrong.]`,
    )
  })

  test('error: the text is no address', () => {
    expect(() => parseAddress('vitalik.eth')).toThrowErrorMatchingInlineSnapshot(
      `[InvalidAddressError: "vitalik.eth" is not an address.]`,
    )
  })

  test.each([
    ['nothing', ''],
    ['no 0x', lower.slice(2)],
    ['a digit too few', lower.slice(0, -1)],
    ['a digit too many', `${lower}0`],
    ['a letter that is no digit', lower.replace('f', 'g')],
    ['a space inside', lower.replace('b7', 'b 7')],
    ['two addresses', `${lower}\n${lower}`],
    ['full-width digits', lower.replace('0x0', '0x０')],
  ])('error: the text has %s', (_, text) => {
    expect(() => parseAddress(text)).toThrow('is not an address.')
  })

  test('error: a long text is cut', () => {
    expect(() => parseAddress(`0x${'f'.repeat(1_000_000)}`)).toThrowErrorMatchingInlineSnapshot(
      `[InvalidAddressError: "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff…" is not an address.]`,
    )
  })
})

describe('showAddress', () => {
  test('default: shows the checksum', () => {
    expect(showAddress(lower)).toBe(checksummed)
  })

  test('behavior: leaves what is no address as it is', () => {
    expect(showAddress('contract-creation:0xAb')).toBe('contract-creation:0xAb')
  })
})
