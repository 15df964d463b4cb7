/** Commands of one person without a role in an hour, and of all of them together: what they ask is written down. */
const maxEach = 30
const maxTogether = 1_000

const hourSeconds = 3_600

/** Counts what people without a role ask, since all of it goes into the audit log. */
export type Doorkeeper = {
  /** Whether this person may ask once more in this hour. `now` is in Unix seconds. */
  admits(account: string, now: number): boolean
}

export function createDoorkeeper(): Doorkeeper {
  let hour = 0
  let together = 0
  const asked = new Map<string, number>()
  return {
    admits(account, now) {
      const current = Math.floor(now / hourSeconds)
      if (current !== hour) {
        hour = current
        together = 0
        asked.clear()
      }
      const count = asked.get(account) ?? 0
      if (count >= maxEach || together >= maxTogether) return false
      asked.set(account, count + 1)
      together += 1
      return true
    },
  }
}
