/** A list of labels that is read again on a schedule; what is new in it waits for a review. */
export type FeedSettings = {
  name: string
  from: { url: string } | { file: string }
  format: 'ofac' | 'etherscan' | 'hack-address'
  /** Kind of its addresses where the format has none. */
  kind: string
  /** Who says so, as people see it. */
  source: string
  confidence: number
  staleAfterDays: number
  /** A cron expression. */
  schedule: string
  /** Of `hack-address`: which incident alone. */
  incident: string | null
}
