import { Mutex } from 'async-mutex'

/** Decisions of people and changes by blocks take turns, so that neither is made on what the other has just changed. */
export type Turns = {
  /** Decisions so far. Whoever worked something out before its turn came looks whether it still holds. */
  readonly decided: number
  take<Result>(action: () => Promise<Result>): Promise<Result>
  /** As `take`, for what changes the grounds on which others decide. */
  decide<Result>(action: () => Promise<Result>): Promise<Result>
}

export function createTurns(): Turns {
  const mutex = new Mutex()
  let decided = 0
  return {
    get decided() {
      return decided
    },
    take: (action) => mutex.runExclusive(action),
    decide: (action) =>
      mutex.runExclusive(async () => {
        // Also where it fails half way: working something out again is harmless.
        decided += 1
        return await action()
      }),
  }
}
