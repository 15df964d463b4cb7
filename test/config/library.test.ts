import { describe, expect, test } from 'vitest'
import { readLabels } from '#adapters/labels/readLabels.ts'
import { labelLists } from '#config/labels/index.ts'
import { library } from '#config/library/index.ts'
import { serviceKinds } from '#types/label.ts'
import { indexLabels, serviceOf } from '#utils/indexLabels.ts'

const read = async (lists: typeof library) =>
  (
    await Promise.all(lists.map((list) => readLabels(list.file, { ...list, isStale: false })))
  ).flat()

describe('case library', () => {
  test('behavior: each theft has its thieves, their source and their licence', async () => {
    const past = [...labelLists, ...library].filter(({ pastCase }) => pastCase)
    expect(past.map(({ pastCase }) => pastCase?.id).sort()).toEqual([
      ...['atomic', 'bybit', 'harmony', 'kucoin', 'ronin', 'upbit'],
    ])
    const counts = new Map<string, number>()
    for (const { pastCase, kind, address } of await read(past)) {
      const id = pastCase?.id ?? ''
      counts.set(id, (counts.get(id) ?? 0) + 1)
      expect(kind).toBe('thief')
      expect(address).toMatch(/^0x[0-9a-f]{40}$/)
    }
    expect(Object.fromEntries(counts)).toEqual({
      ...{ atomic: 33, bybit: 51, harmony: 192, kucoin: 1, ronin: 13, upbit: 801 },
    })
    for (const { source, licence } of past) expect(source && licence).toBeTruthy()
  })

  test('behavior: nobody in it is a service by any list: a wrong address accuses an innocent', async () => {
    const index = indexLabels(await read(labelLists))
    for (const { address } of await read(library)) {
      expect(serviceKinds).not.toContain(serviceOf(index, address))
    }
  })
})
