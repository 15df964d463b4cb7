import { NoFlagError } from '#errors/flag.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { afterFlags, conclude, type Flagged } from '#src/flag/flagAddress.ts'
import { countsIn } from '#src/sharing/labelsFor.ts'
import type { Address } from '#types/chain.ts'
import type { Member } from '#types/member.ts'
import type { Signed } from '#types/standing.ts'
import type { Decision } from '#types/store.ts'
import { mayRun } from '#utils/findMember.ts'
import { showAddress } from '#utils/parseAddress.ts'
import { redrawDisputed } from './redrawDisputed.ts'

/**
 * Changes how sure a member's own flag of an address is, as a lead the newest of anybody. Every card that names the
 * address is drawn anew, and a word says so.
 * @throws NoFlagError
 */
export async function correctFlag(
  context: Context,
  {
    address,
    confidence,
    note,
    by,
    member,
  }: { address: Address; confidence: number; note: string; by: Signed; member: Member },
): Promise<Flagged> {
  const isLead = mayRun({ role: 'lead' }, member)
  return await decide(context, async () => {
    const old = [...context.standing.flag.values()].findLast(
      (flag) =>
        flag.address === address &&
        flag.withdrawn === null &&
        (isLead || flag.by.account === by.account),
    )
    if (!old) throw new NoFlagError({ address: showAddress(address) })
    const flag = { ...old, confidence, note: note || old.note }
    const key = `correct:${flag.id}:${by.at}`
    const decision = await conclude(context, { flag, key, by })
    const { whole } = context
    const after = afterFlags(whole, [{ kind: 'flag', key: flag.id, value: flag }])
    const among = [...whole.cases.values()].filter(({ case: { id } }) => countsIn(after, flag, id))
    const parts: Decision[] = []
    for (const { case: theft } of among) {
      const [before, now] = [old.confidence, confidence].map((share) => Math.round(share * 100))
      const what = `${showAddress(address)} is ${flag.kind} ${flag.name}`.trim()
      parts.push(
        await redrawDisputed(after, {
          ...{ caseId: theft.id, key, note: note || 'No reason is given.' },
          title: [{ strong: theft.name }, `: that ${what} is ${now} % sure, not ${before} %`],
          isAbout: ({ addresses }) => addresses.includes(address),
        }),
      )
    }
    return {
      ...decision,
      standing: [...(decision.standing ?? []), ...parts.flatMap(({ standing = [] }) => standing)],
      told: parts.flatMap(({ told = [] }) => told),
      tellings: parts.flatMap(({ tellings = [] }) => tellings),
    }
  })
}
