import { NeedsKindError } from '#errors/dispute.ts'
import type { Context } from '#src/context.ts'
import { flagAddress, standingFlags, unflagAddress } from '#src/flag/flagAddress.ts'
import { actOnFreeze, findFreeze } from '#src/freeze/actOnFreeze.ts'
import type { Dispute } from '#types/dispute.ts'
import type { Member } from '#types/member.ts'
import type { FlagKind, Signed } from '#types/standing.ts'
import { showAddress } from '#utils/parseAddress.ts'

/** Stages in which a request can still be taken back. */
const unanswered = ['drafted', 'approved', 'delivered', 'seen']

/**
 * What is to be done once a dispute is upheld, checked before: flags of an address are taken back or spoken against, and
 * a request that nobody has answered is withdrawn. What is held already is for its desk to release: its card says why.
 * @throws NeedsKindError
 */
export function followUpheld(
  context: Context,
  { subject }: Dispute,
  { member, by, as, note }: { member: Member; by: Signed; as: FlagKind | undefined; note: string },
): () => Promise<void> {
  if (subject.kind === 'hop') return async () => undefined
  if (subject.kind === 'freeze') {
    const { id, stage } = findFreeze(context, subject.freeze, member)
    if (!unanswered.includes(stage)) return async () => undefined
    return async () => {
      await actOnFreeze(context, { id, member, act: () => ({ type: 'withdraw', note }) })
    }
  }
  const { address } = subject
  const isFlagged = standingFlags(context, address).length > 0
  if (!isFlagged && as === undefined) throw new NeedsKindError({ address: showAddress(address) })
  return async () => {
    if (isFlagged) await unflagAddress(context, { address, note, by, isEverybodys: true })
    if (as === undefined) return
    const given = { address, kind: as, name: '', note, confidence: 1, by, role: 'lead' as const }
    await flagAddress(context, given)
  }
}
