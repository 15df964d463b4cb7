import { getEventListeners } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createBell } from '#utils/createBell.ts'

const { signal: never } = new AbortController()

/** Whether a wait is over within a moment. */
async function isOver(wait: Promise<void>): Promise<boolean> {
  return await Promise.race([wait.then(() => true), setTimeout(10, false)])
}

afterEach(() => {
  vi.useRealTimers()
})

describe('createBell', () => {
  test('default: a ring wakes whoever waits', async () => {
    const bell = createBell()
    const ears = [bell.listen(), bell.listen()]
    const waits = ears.map((ear) => ear.wait({ signal: never }))
    expect(await Promise.all(waits.map(isOver))).toEqual([false, false])
    bell.ring()
    expect(await Promise.all(waits.map(isOver))).toEqual([true, true])
  })

  test('behavior: a ring while nobody waits is heard at the next wait, many as one', async () => {
    const bell = createBell()
    const ear = bell.listen()
    bell.ring()
    bell.ring()
    expect(await isOver(ear.wait({ signal: never }))).toBe(true)
    expect(await isOver(ear.wait({ signal: never }))).toBe(false)
  })

  test('behavior: an ear hears what rang before it listened, since there may be something to do', async () => {
    const bell = createBell()
    bell.ring()
    expect(await isOver(bell.listen().wait({ signal: never }))).toBe(true)
  })

  test('behavior: a wait ends when its time is over, however long', async () => {
    vi.useFakeTimers()
    const bell = createBell()
    const ended = vi.fn()
    void bell.listen().wait({ signal: never, timeoutMs: 1_000 }).then(ended)
    await vi.advanceTimersByTimeAsync(999)
    expect(ended).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(ended).toHaveBeenCalledTimes(1)
    // Node takes a wait of more than 24 days for one of 1 ms.
    void bell
      .listen()
      .wait({ signal: never, timeoutMs: 2 ** 40 })
      .then(ended)
    await vi.advanceTimersByTimeAsync(86_400_000)
    expect(ended).toHaveBeenCalledTimes(1)
  })

  test('behavior: a wait ends when the signal is given, or was', async () => {
    const ear = createBell().listen()
    const stop = new AbortController()
    const wait = ear.wait({ signal: stop.signal })
    expect(await isOver(wait)).toBe(false)
    stop.abort()
    expect(await isOver(wait)).toBe(true)
    expect(await isOver(ear.wait({ signal: stop.signal }))).toBe(true)
  })

  test('behavior: a wait that is over leaves no timer and no listener behind', async () => {
    vi.useFakeTimers()
    const bell = createBell()
    const stop = new AbortController()
    const ear = bell.listen()
    const wait = ear.wait({ signal: stop.signal, timeoutMs: 60_000 })
    bell.ring()
    await wait
    expect(vi.getTimerCount()).toBe(0)
    expect(getEventListeners(stop.signal, 'abort')).toEqual([])
  })
})
