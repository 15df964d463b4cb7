import { rootOf } from '#src/case/rootOf.ts'
import type { Context } from '#src/context.ts'
import type { AccountId } from '#types/member.ts'
import type { Flag } from '#types/standing.ts'
import type { Tlp } from '#types/tlp.ts'

/** Who asks, or who reads a channel. */
export type Viewer = {
  /** Of the house itself, which sees everything. */
  isHouse: boolean
  organization: string | null
  /** Of one person; none where many read. */
  accounts: readonly AccountId[]
  /** Told directly. */
  isDirect: boolean
}

/** Who may see something. */
export type Audience = {
  /** Every member of the house. */
  isOpen: boolean
  organizations: readonly string[]
  accounts: readonly AccountId[]
  /** People of the house who are in none of the organizations may be told directly. */
  isToldDirectly: boolean
}

type Marks = Pick<Context, 'standing' | 'rules'>

/** The organization whose case it is; `null` is the house, to which all belongs that the settings name. */
export function ownerOfCase(
  { standing }: Pick<Context, 'standing'>,
  caseId: string,
): string | null {
  const file = standing.case.get(rootOf({ standing }, caseId))
  return file?.case ? (file.opener ?? file.by).organization : null
}

/** Who may see a case: by its mark, and whoever opened it. Its parts on other chains are seen with it. */
export function audienceOfCase({ standing, rules }: Marks, caseId: string): Audience {
  const mark = standing.mark.get(`case:${rootOf({ standing }, caseId)}`)
  return audienceOf({
    tlp: mark?.tlp ?? rules.tlp,
    named: mark?.named ?? [],
    owner: ownerOfCase({ standing }, caseId),
  })
}

/** Who may see what somebody said of an address. */
export function audienceOfFlag({ standing, rules }: Marks, { id, by }: Flag): Audience {
  const mark = standing.mark.get(`flag:${id}`)
  return audienceOf({
    tlp: mark?.tlp ?? rules.tlp,
    named: mark?.named ?? [],
    owner: by.organization,
  })
}

function audienceOf({
  tlp,
  named,
  owner,
}: {
  tlp: Tlp
  named: readonly string[]
  owner: string | null
}): Audience {
  return {
    isOpen: tlp === 'GREEN' || tlp === 'CLEAR',
    organizations: owner === null ? named : [owner, ...named],
    accounts: tlp === 'RED' ? named : [],
    isToldDirectly: tlp === 'AMBER' || owner === null,
  }
}

/** Whether somebody is in it. */
export function admits(audience: Audience, viewer: Viewer): boolean {
  const { isHouse, organization, accounts, isDirect } = viewer
  if (audience.isOpen) return isHouse || organization !== null
  if (organization !== null && audience.organizations.includes(organization)) return true
  if (isHouse && (!isDirect || audience.isToldDirectly)) return true
  return accounts.some((account) => audience.accounts.includes(account))
}

/** Whether everybody who is in the inner one is in the outer one too, as far as marks tell. */
export function includes(outer: Audience, inner: Audience): boolean {
  if (outer.isOpen) return true
  if (inner.isOpen || (inner.isToldDirectly && !outer.isToldDirectly)) return false
  return (
    inner.organizations.every((each) => outer.organizations.includes(each)) &&
    inner.accounts.every((each) => outer.accounts.includes(each))
  )
}
