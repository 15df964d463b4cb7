import type { HouseRules } from '#types/houseRules.ts'

/** The rules that ship. */
export const rules: HouseRules = {
  // 1e-5 of a theft: in labelled thefts of this size next to no flow is smaller, while dust attacks are.
  dustPerMillion: 10n,
  busyStrangers: 100,
  // Nine in ten gaps of known thieves are shorter.
  dormantDays: 10,
  foldMinutes: 360,
  largePerMillion: 10_000n,
}
