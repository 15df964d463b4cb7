import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAddressSet } from '#utils/createAddressSet.ts'

const zero = `0x${'0'.repeat(40)}`

/** Few enough that deletes and repeats hit, enough that the index grows and its slots run into each other. */
const keys = Array.from({ length: 60 }, (_, index) => {
  const digits = ((BigInt(index) * 0x9e3779b97f4a7c15f39cc0605cedc835n) % (1n << 160n)).toString(16)
  return `0x${digits.padStart(40, '0')}`
})
const invalid = [
  '',
  '0x',
  'contract-creation:0x5f0a',
  // As long as an address.
  `contract-creation:0x${'0'.repeat(22)}`,
  `0xzz${'0'.repeat(38)}`,
  `0x${'0'.repeat(39)}g`,
  // Characters that some arithmetic takes for digits.
  `0x${'0'.repeat(39)}@`,
  `0x${'0'.repeat(39)}\u0130`,
  `0x${'\ud83d\ude00'.repeat(20)}`,
  `0X${'0'.repeat(40)}`,
  '0'.repeat(40),
  '0'.repeat(42),
  `${zero}0`,
]

const address = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...keys) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...keys).map((key) => `0x${key.slice(2).toUpperCase()}`),
  },
  { weight: 1, arbitrary: fc.constantFrom(...invalid) },
)
const steps = fc.array(fc.tuple(fc.constantFrom('add', 'add', 'delete', 'has'), address), {
  maxLength: 300,
})

/** How the model knows an address: only digits have a case. */
function plain(text: string): string {
  return /^0x[0-9a-fA-F]{40}$/.test(text) ? text.toLowerCase() : text
}

function pack(addresses: readonly string[]): Uint8Array {
  return Uint8Array.from(addresses.flatMap((key) => [...Buffer.from(key.slice(2), 'hex')]))
}

function unpack({ packed, others }: { packed: Uint8Array; others: string[] }): string[] {
  const digits = Buffer.from(packed).toString('hex').match(/.{40}/g) ?? []
  return [...digits.map((key) => `0x${key}`), ...others]
}

describe('createAddressSet', () => {
  test('default', () => {
    const set = createAddressSet({ packed: [pack([zero])], others: ['contract-creation:0x1'] })
    set.add(`0x${'Ab'.repeat(20)}`)
    expect(set.size).toBe(3)
    expect(set.has(`0x${'aB'.repeat(20)}`)).toBe(true)
    expect(set.has(zero)).toBe(true)
    expect(set.has('contract-creation:0x1')).toBe(true)
    expect(set.has(keys[1] ?? '')).toBe(false)
    expect(unpack(set.keys())).toEqual([zero, `0x${'ab'.repeat(20)}`, 'contract-creation:0x1'])
  })

  test('behavior: is a set, whatever is added and deleted', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const set = createAddressSet()
        const model = new Set<string>()
        for (const [step, text] of script) {
          if (step === 'has') expect(set.has(text)).toBe(model.has(plain(text)))
          if (step === 'add') {
            set.add(text)
            model.add(plain(text))
          }
          if (step === 'delete') {
            set.delete(text)
            model.delete(plain(text))
          }
          expect(set.size).toBe(model.size)
        }
        for (const text of [...keys, ...invalid]) expect(set.has(text)).toBe(model.has(text))
        const held = unpack(set.keys())
        expect(held).toHaveLength(model.size)
        expect(new Set(held)).toEqual(model)
      }),
    )
  })

  test.each(invalid)('behavior: "%s" is no address, and equals itself alone', (text) => {
    const set = createAddressSet({ packed: [pack(keys)] })
    expect(set.has(text)).toBe(false)
    set.add(text)
    expect(set.has(text)).toBe(true)
    expect(set.keys().others).toEqual([text])
    for (const other of invalid) expect(set.has(other)).toBe(other === text)
    set.delete(text)
    expect(set.keys().others).toEqual([])
    expect(set.size).toBe(keys.length)
  })

  test('behavior: takes pieces at any offset, and the same key once', () => {
    const padded = Buffer.concat([Buffer.alloc(3), pack(keys), Buffer.alloc(2)])
    const set = createAddressSet({
      packed: [padded.subarray(3, 3 + keys.length * 20), new Uint8Array(), pack(keys.slice(0, 5))],
      others: [keys[0] ?? ''],
    })
    expect(unpack(set.keys())).toEqual(keys)
  })

  test('behavior: survives its own keys, beyond one piece of memory', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => numbered(index))
    const set = createAddressSet()
    for (const key of many) set.add(key)
    for (const key of many.slice(5000, 15_000)) set.delete(key)
    const { packed, others } = set.keys()
    const copy = createAddressSet({ packed: [packed], others })
    expect(copy.size).toBe(10_000)
    for (const [index, key] of many.entries()) {
      expect(copy.has(key)).toBe(index < 5000 || index >= 15_000)
    }
  })

  test('behavior: addresses that differ in one place only are told apart fast', () => {
    const set = createAddressSet()
    const grinded = Array.from({ length: 50_000 }, (_, index) => numbered(index << 12))
    const start = performance.now()
    for (const key of grinded) set.add(key)
    for (const key of grinded) if (!set.has(key)) throw new Error(`"${key}" is missing.`)
    // Takes 30 ms; were they all to collide, minutes.
    expect(performance.now() - start).toBeLessThan(2000)
  })

  test('error: half a key', () => {
    expect(() => createAddressSet({ packed: [new Uint8Array(20), new Uint8Array(30)] })).toThrow(
      RangeError,
    )
  })
})

function numbered(index: number): string {
  return `0x${index.toString(16).padStart(40, '0')}`
}
