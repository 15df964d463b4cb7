/** One line of the table. Every value stands beside its floor or rival from the same run. */
export type Figure = {
  name: string
  value: number
  unit: string
  /** The floor or rival, in the same unit. */
  reference: number
  /** `value / reference`. */
  ratio: number
  /** What the ratio must reach, or not exceed; `null` where no bar is set. */
  bar: number | null
  ok: boolean | null
}

/** The middle of some measurements: machines are noisy, means lie. */
export function median(measurements: readonly number[]): number {
  const sorted = measurements.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

/** Milliseconds that a piece of work takes. */
export async function timeOf(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
