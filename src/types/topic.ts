/**
 * What a channel can want to hear, the finest division of what is told: movements, where they end (a topic for each
 * kind of service, `returned` for the victim's own addresses), what is unusual, and how the following itself goes.
 */
export const topics = [
  'moved',
  'split',
  'merged',
  'exchange',
  'mixer',
  'bridge',
  'dex',
  'issuer',
  'service',
  'busy',
  'returned',
  'woke',
  'met',
  'burst',
  'blind',
  'escalated',
  'freeze',
  'digest',
] as const
export type Topic = (typeof topics)[number]
