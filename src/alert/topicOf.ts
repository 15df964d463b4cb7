import type { Alert } from '#types/alert.ts'
import type { Topic } from '#types/topic.ts'

/** What a channel must want to hear to be told of an alert. */
export function topicOf({ kind, hop }: Pick<Alert, 'kind' | 'hop'>): Topic {
  if (kind === 'parked') return 'busy'
  if (kind !== 'reached') return kind
  const stop = hop?.stop ?? 'service'
  if (stop === 'burn') return 'service'
  return stop === 'victim' ? 'returned' : stop
}
