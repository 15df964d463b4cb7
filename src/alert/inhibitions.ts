import type { AlertKind } from '#types/alert.ts'

/**
 * While a parent alarm stands, weaker alerts that say the same are counted in it and told nowhere else: for as long as
 * the parent is open in the `case`, or inside one `transaction` on its path or by its payer.
 */
export type Inhibition = {
  parents: readonly AlertKind[]
  muted: readonly AlertKind[]
  equal: 'case' | 'transaction'
}

/** What only says that money went on its way. */
export const movingKinds = ['moved', 'split', 'merged'] as const satisfies AlertKind[]

/** All of them, the first that fits counts. */
export const inhibitions: readonly Inhibition[] = [
  { parents: ['burst'], muted: movingKinds, equal: 'case' },
  { parents: ['reached', 'woke', 'met'], muted: movingKinds, equal: 'transaction' },
]
