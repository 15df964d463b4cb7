import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readLabels } from '#adapters/labels/readLabels.ts'
import { indexLabels, serviceOf } from '#utils/indexLabels.ts'

const folder = mkdtempSync(join(tmpdir(), 'posse-labels-'))
afterAll(() => rmSync(folder, { recursive: true }))

const address = '0xd90e2f925da726b50c4ed8d0fb90ad053324f31b'
const origin = { source: 'a list', date: '2024-06-17', confidence: 0.9, isStale: false }

function read(text: string) {
  const file = join(folder, 'labels.csv')
  writeFileSync(file, text)
  return readLabels(file, origin)
}

describe('readLabels', () => {
  test('default', async () => {
    const text = `address,label,kind,note\n${address},"Router, the",MIXER,x\n`
    expect(await read(text)).toEqual([{ address, name: 'Router, the', kind: 'mixer', ...origin }])
  })

  test('behavior: among several labels any service kind wins, whatever its case', async () => {
    const rows = `${address},OFAC,sanctioned\n${address},Router, Mixer \n${address},Old,exchange`
    const index = indexLabels(await read(`address,label,kind\n${rows}\n`))
    expect(index.get(address)?.map(({ name }) => name)).toEqual(['Router', 'Old', 'OFAC'])
    expect(serviceOf(index, address)).toBe('mixer')
    expect(serviceOf(index, '0xother')).toBeNull()
  })

  test('behavior: Bitcoin addresses keep their case', async () => {
    const bitcoin = '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'
    const [label] = await read(`address,label,kind\n${bitcoin},Genesis,other\n`)
    expect(label?.address).toBe(bitcoin)
  })

  test.each([
    ['an escape sequence in a label', `${address},\u001b[31mred,other`],
    ['a direction override in a label', `${address},\u202egnaj,other`],
    ['an invisible character in a kind', `${address},Router,mi\u200bxer`],
    ['a label without end', `${address},${'x'.repeat(201)},other`],
    ['no address', 'router,Router,mixer'],
    ['a wrong checksum', '0xd90e2f925DA726b50C4Ed8D0Fb90Ad053324F31c,Router,mixer'],
  ])('error: %s', async (_name, row) => {
    await expect(
      read(`address,label,kind\n${address},Fine,other\n${row}\n`),
    ).rejects.toThrowErrorMatchingSnapshot()
  })
})
