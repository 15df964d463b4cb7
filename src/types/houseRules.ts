/** What a house decides about following and telling; the values are in `config/rules.ts`. */
export type HouseRules = {
  /** Payments of less stolen value than this share of the theft open no new trail, in parts per million. */
  dustPerMillion: bigint
  /** An unlabelled address that pays more strangers in a day is parked for a person to judge; `null` never parks. */
  busyStrangers: number | null
  /** Days of rest after which a movement counts as waking. */
  dormantDays: number
  /** Alerts of one payer, or to one service, within this many minutes are told as one. */
  foldMinutes: number
  /** A movement of at least this share of the theft is amber, in parts per million. */
  largePerMillion: bigint
}
