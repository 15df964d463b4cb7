import type { Context } from '#src/context.ts'
import type { Standing, StandingChange } from '#types/standing.ts'

/** The context as it will be once these cases, marks and channels stand; what stands now is left as it is. */
export function afterMarks(context: Context, changes: readonly StandingChange[]): Context {
  const standing: Standing = {
    ...context.standing,
    case: new Map(context.standing.case),
    mark: new Map(context.standing.mark),
    channel: new Map(context.standing.channel),
  }
  for (const { kind, key, value } of changes) {
    if (kind !== 'case' && kind !== 'mark' && kind !== 'channel') continue
    const entries: Map<string, unknown> = standing[kind]
    if (value === null) entries.delete(key)
    else entries.set(key, value)
  }
  return { ...context, standing }
}
