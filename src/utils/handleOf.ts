import { createHash } from 'node:crypto'

/** A short name of an alert that people can type: the first 8 hex digits of the SHA-256 of its id. */
export function handleOf(alertId: string): string {
  return createHash('sha256').update(alertId).digest('hex').slice(0, 8)
}
