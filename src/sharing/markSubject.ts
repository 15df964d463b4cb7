import { MemberNotFoundError } from '#errors/member.ts'
import { NobodyToNameError, NotYoursToMarkError, UnknownFlagError } from '#errors/sharing.ts'
import { rootOf } from '#src/case/rootOf.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { findRetraces } from '#src/flag/findRetraces.ts'
import { listOrganizations } from '#src/organization/listOrganizations.ts'
import type { Member } from '#types/member.ts'
import type { Flag, Mark, Signed, StandingChange } from '#types/standing.ts'
import type { Tlp } from '#types/tlp.ts'
import { findMember } from '#utils/findMember.ts'
import { afterMarks } from './afterMarks.ts'
import { ownerOfCase } from './audience.ts'
import { countsIn } from './labelsFor.ts'
import { viewerOf } from './maySee.ts'
import { redraw } from './redraw.ts'
import { withdraw } from './withdraw.ts'

type Given = { tlp: Tlp; named: readonly string[]; by: Signed; lead: Member }

/**
 * Says who may see a case. What stands in channels that may not see it any more is taken out of them, and flags that more
 * or fewer people may see now count accordingly.
 * @throws NotYoursToMarkError, MemberNotFoundError, NobodyToNameError
 */
export async function markCase(
  context: Context,
  { caseId: given, tlp, named, by, lead }: Given & { caseId: string },
): Promise<Mark> {
  const { whole } = context
  // Its parts on other chains are seen with it.
  const caseId = rootOf(whole, given)
  const parts = [...whole.cases.keys()].filter((id) => rootOf(whole, id) === caseId)
  return await decide(context, async () => {
    checkOwner(lead, { what: caseId, owner: ownerOfCase(whole, caseId) })
    checkNamed(whole, { tlp, named })
    const mark: Mark = { subject: `case:${caseId}`, tlp, named, by }
    const change = { kind: 'mark', key: mark.subject, value: mark } as const
    const after = afterMarks(whole, [change])
    const flags = [...whole.standing.flag.values()]
    const cards = await Promise.all(parts.map((part) => redraw(after, part)))
    const lost = await Promise.all(parts.map((part) => withdraw(whole, after, { caseId: part })))
    const key = `mark:${by.at}:${tlp}:${named.join()}`
    const text = `Marked the case ${describeMark(mark)}.`
    return {
      standing: [change, ...(await retracesOf(after, { flags, cases: parts, by }))],
      told: cards.flatMap(({ told }) => told),
      tellings: [...lost.flat(), ...cards.flatMap(({ tellings }) => tellings)],
      timeline: [{ caseId, key, at: by.at, kind: 'decision', by, text }],
      result: mark,
    }
  })
}

/**
 * Says who may see what somebody said of an address. It counts in those cases alone that nobody sees who may not see it.
 * @throws UnknownFlagError, NotYoursToMarkError, MemberNotFoundError, NobodyToNameError
 */
export async function markFlag(
  context: Context,
  { id, tlp, named, by, lead }: Given & { id: string },
): Promise<Mark> {
  const { whole } = context
  return await decide(context, async () => {
    const { flag: known } = context.standing
    const flag = known.get(id)
    if (!flag) throw new UnknownFlagError({ id, known: [...known.keys()] })
    checkOwner(lead, { what: id, owner: flag.by.organization })
    checkNamed(whole, { tlp, named })
    const mark: Mark = { subject: `flag:${id}`, tlp, named, by }
    const change = { kind: 'mark', key: mark.subject, value: mark } as const
    const after = afterMarks(whole, [change])
    const cases = [...whole.cases.keys()]
    return {
      standing: [change, ...(await retracesOf(after, { flags: [flag], cases, by }))],
      result: mark,
    }
  })
}

/** A mark as people read it. */
export function describeMark({ tlp, named }: Pick<Mark, 'tlp' | 'named'>): string {
  return `TLP:${tlp}${named.length > 0 ? ` for ${named.join(', ')}` : ''}`
}

function checkOwner(lead: Member, { what, owner }: { what: string; owner: string | null }): void {
  if (viewerOf({ member: lead }).isHouse || (owner !== null && owner === lead.organization)) return
  throw new NotYoursToMarkError({ what, owner })
}

function checkNamed(context: Context, { tlp, named }: Pick<Given, 'tlp' | 'named'>): void {
  const isOpen = tlp === 'GREEN' || tlp === 'CLEAR'
  if (isOpen && named.length > 0) throw new NobodyToNameError({ tlp, named })
  const known = listOrganizations(context).map(({ id }) => id)
  for (const text of named) {
    const isAccount = tlp === 'RED' && findMember(context, text) !== null
    if (!isAccount && !known.includes(text)) {
      throw new MemberNotFoundError({ what: 'organization', text, known })
    }
  }
}

/** The cases that must be worked out again since a flag counts in them now and did not before, or the other way round. */
async function retracesOf(
  after: Context,
  { flags, cases, by }: { flags: readonly Flag[]; cases: readonly string[]; by: Signed },
): Promise<StandingChange[]> {
  const { whole: before } = after
  const changes: StandingChange[] = []
  for (const caseId of cases) {
    const addresses = flags
      .filter((flag) => flag.withdrawn === null)
      .filter((flag) => countsIn(before, flag, caseId) !== countsIn(after, flag, caseId))
      .map(({ address }) => address)
    if (addresses.length === 0) continue
    const causes = [`${by.name} changed what counts`]
    changes.push(...(await findRetraces(before, { addresses, causes, among: [caseId] })))
  }
  return changes
}
