import type { Context } from '#src/context.ts'
import type { AccountId } from '#types/member.ts'
import { findMember } from '#utils/findMember.ts'

/** The account that stands for a person: all that are the same as it, over any number of steps, have this one. */
export function personOf(
  context: Pick<Context, 'standing' | 'house'>,
  account: AccountId,
): AccountId {
  const seen = new Set<AccountId>()
  let person = account
  while (!seen.has(person)) {
    seen.add(person)
    person = findMember(context, person)?.as ?? person
  }
  return person
}
