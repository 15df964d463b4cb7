import type { Context } from '#src/context.ts'
import type { Flag, Standing, StandingKind } from '#types/standing.ts'
import { maySee, maySeeFlag, type Viewer } from './maySee.ts'
import { scopeStore } from './scopeStore.ts'

/**
 * The context as somebody may see it, at any time: with several viewers what all of them may see. What is decided works
 * on the whole behind it.
 */
export function scopeContext({ whole }: Context, viewers: readonly Viewer[]): Context {
  const [asker] = viewers
  if (viewers.every(({ isHouse, isDirect }) => isHouse && !isDirect)) return whole
  const sees = (caseId: string) => viewers.every((viewer) => maySee(whole, viewer, caseId))
  const seesFlag = (flag: Flag) => viewers.every((viewer) => maySeeFlag(whole, viewer, flag))
  const organization = asker?.isHouse ? null : (asker?.organization ?? '')
  const parts = {
    cases: () => new Map([...whole.cases].filter(([caseId]) => sees(caseId))),
    standing: () => scopeStanding(whole.standing, { sees, seesFlag }),
    labels: () => whole.labels.view(seesFlag),
    house: () => {
      const routes = whole.house.routes.filter(({ caseId }) => caseId === '*' || sees(caseId))
      return { ...whole.house, routes }
    },
    store: () => scopeStore(whole.store, { sees, organization }),
  }
  const scoped = {} as Context
  for (const key of Object.keys(whole) as (keyof Context)[]) {
    const get = key in parts ? parts[key as keyof typeof parts] : () => whole[key]
    Object.defineProperty(scoped, key, { get, enumerable: true })
  }
  return scoped
}

type Sight = { sees(caseId: string): boolean; seesFlag(flag: Flag): boolean }

/** Each kind is looked through only when it is asked for. */
function scopeStanding(standing: Standing, sight: Sight): Standing {
  const scoped = {} as Standing
  for (const kind of Object.keys(standing) as StandingKind[]) {
    const get = () =>
      new Map(
        [...(standing[kind] as Map<string, unknown>)].filter(([key, value]) =>
          isShown(standing, sight, { kind, key, value }),
        ),
      )
    Object.defineProperty(scoped, kind, { get, enumerable: true })
  }
  return scoped
}

/** Whatever is of a case is shown with it. */
function isShown(
  standing: Standing,
  { sees, seesFlag }: Sight,
  { kind, key, value }: { kind: StandingKind; key: string; value: unknown },
): boolean {
  if (kind === 'flag') return seesFlag(value as Flag)
  if (kind === 'mark') {
    const [what, id = ''] = key.split(':', 2)
    const flag = standing.flag.get(id)
    return what === 'case' ? sees(id) : flag !== undefined && seesFlag(flag)
  }
  const { caseId } = value as { caseId?: unknown }
  return typeof caseId !== 'string' || caseId === '*' || sees(caseId)
}
