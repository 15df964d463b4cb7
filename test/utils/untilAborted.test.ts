import { getEventListeners } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { untilAborted } from '#utils/untilAborted.ts'

const hang = new Promise<string>(() => undefined)

describe('untilAborted', () => {
  test('default: what the work gives', async () => {
    const { signal } = new AbortController()
    expect(await untilAborted(Promise.resolve('done'), signal)).toBe('done')
    await expect(untilAborted(Promise.reject(new Error('down')), signal)).rejects.toThrow('down')
  })

  test('behavior: ends as soon as the signal is given', async () => {
    const stop = new AbortController()
    const ended = untilAborted(hang, stop.signal)
    stop.abort()
    expect(await ended).toBeUndefined()
  })

  test('behavior: ends at once where it was given before, even when the work is done', async () => {
    expect(await untilAborted(hang, AbortSignal.abort())).toBeUndefined()
    expect(await untilAborted(Promise.resolve('done'), AbortSignal.abort())).toBeUndefined()
  })

  test('behavior: work that fails after that is heard by nobody and harms nobody', async () => {
    const stop = new AbortController()
    const late = setTimeout(5).then(() => Promise.reject(new Error('late')))
    const ended = untilAborted(late, stop.signal)
    stop.abort()
    await ended
    await untilAborted(Promise.reject(new Error('early')), stop.signal)
    // What is rejected unheard would fail the run.
    await setTimeout(10)
  })

  test('behavior: leaves nobody listening to the signal', async () => {
    const { signal } = new AbortController()
    await untilAborted(Promise.resolve(), signal)
    await untilAborted(Promise.reject(new Error('down')), signal).catch(() => undefined)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})
