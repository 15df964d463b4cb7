import type { Member } from '#types/member.ts'
import type { Signed } from '#types/standing.ts'

/** A member's name under a decision. */
export function signedBy(member: Member, at: number): Signed {
  const { account, name, organization } = member
  return { account, name, organization, at }
}
