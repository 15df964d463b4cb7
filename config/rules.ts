import type { HouseRules } from '#types/houseRules.ts'

/** The rules that ship. */
export const rules: HouseRules = {
  // 1e-5 of a theft: in labelled thefts of this size next to no flow is smaller, while dust attacks are.
  dustPerMillion: 10n,
  busyStrangers: 100,
  // Nine in ten gaps of known thieves are shorter.
  dormantDays: 10,
  foldMinutes: 30,
  retellMinutes: 1,
  largePerMillion: 10_000n,
  // The thieves of Bybit sent two or three transactions a minute; by hand it takes longer.
  fastSeconds: 60,
  // With the ten that take in the rest, at most 20 groups are told of in a minute (src/alert/placeAlert.ts).
  openCards: 10,
  burstHops: 30,
  ackMinutes: 60,
  escalation: [
    { afterMinutes: 5, channel: null },
    { afterMinutes: 15, channel: null },
  ],
  freeze: {
    approveMinutes: 5,
    seenMinutes: 10,
    answerMinutes: 30,
    stepMinutes: 10,
    // Where no time is named, desks lift a hold after so many days.
    holdDays: 30,
    renewHours: 72,
    contactDays: 30,
    preApprove: null,
  },
  stepUp: 'second person',
  // Five blocks of Ethereum.
  headLagSeconds: 60,
  tlp: 'GREEN',
  delay: 'shown',
}

/** What a replay does otherwise: months go by in minutes, so what belongs together is told together. */
export const replayRules: HouseRules = {
  ...rules,
  foldMinutes: 360,
  retellMinutes: 360,
  delay: 'hidden',
  // There is one person at its terminal.
  stepUp: 'none',
}
