import type { z } from 'zod'
import { quote } from '#errors/quote.ts'
import { nearest } from '#utils/nearest.ts'
import type { Faults, Path } from './faults.ts'

/** The value as its schema makes it; `undefined` where it does not fit, and why is added to the faults. */
export function checkShape<Schema extends z.ZodType>(
  value: unknown,
  { schema, path, faults }: { schema: Schema; path: Path; faults: Faults },
): z.output<Schema> | undefined {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues) {
    const place = [
      ...path,
      ...issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
    ]
    if (issue.code !== 'unrecognized_keys') {
      faults.refuse(place, issue.message)
      continue
    }
    const known = issue.message.split(', ')
    for (const key of issue.keys) {
      const meant = nearest(key, known)
      const advice = meant
        ? `write ${quote(meant)} if that is meant`
        : `known here are ${issue.message}`
      faults.add([...place, key], `is no setting: ${advice}`)
    }
  }
  return undefined
}
