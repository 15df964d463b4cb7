import type { House } from '#types/houseRules.ts'
import { type AccountId, type Member, type Role, roles } from '#types/member.ts'
import type { Standing } from '#types/standing.ts'

/**
 * The member behind an account; `null` where the house knows none. A grant counts before the settings, but nobody can
 * take an admin of the settings out by a grant.
 */
export function findMember(
  { standing, house }: { standing: Pick<Standing, 'member'>; house: Pick<House, 'members'> },
  account: AccountId,
): Member | null {
  const settled = house.members.find((member) => member.account === account)
  if (settled?.role === 'admin') return settled
  const member = standing.member.get(account) ?? settled ?? null
  if (member?.as === undefined || member.as === account) return member
  // What is taken from a person is taken from all of their accounts.
  const base = findMember({ standing, house }, member.as)
  return base && { ...member, role: base.role, organization: base.organization }
}

/** Whether what takes a role is open to somebody: each role includes those before it. */
export function mayRun({ role }: { role: Role | 'anyone' }, member: Member | null): boolean {
  if (role === 'anyone') return true
  return member !== null && roles.indexOf(member.role) >= roles.indexOf(role)
}
