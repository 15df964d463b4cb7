import { NoFlagError } from '#errors/flag.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { conclude, type Flagged, nameFlag, standingFlags } from '#src/flag/flagAddress.ts'
import type { Address } from '#types/chain.ts'
import type { Signed } from '#types/standing.ts'
import { showAddress } from '#utils/parseAddress.ts'

const hourSeconds = 3_600

/**
 * Changes how sure a flag of an address is, the newest of those meant. Every card that names the address is drawn anew;
 * a word says so, once an hour.
 * @throws NoFlagError
 */
export async function correctFlag(
  context: Context,
  {
    address,
    confidence,
    note,
    by,
    isEverybodys,
  }: {
    address: Address
    confidence: number
    note: string
    by: Signed
    /** Whether also flags that others have set are meant, not a member's own alone. */
    isEverybodys: boolean
  },
): Promise<Flagged> {
  return await decide(context, async () => {
    const old = standingFlags(context, address).findLast(
      (flag) => isEverybodys || flag.by.account === by.account,
    )
    if (!old) throw new NoFlagError({ address: showAddress(address) })
    const flag = { ...old, confidence, note: note || old.note }
    const [before, now] = [old.confidence, confidence].map((share) => Math.round(share * 100))
    const what = `that ${showAddress(address)} is ${nameFlag(flag)} is ${now} % sure, not ${before} %`
    return await conclude(context, {
      ...{ flag, by, key: `correct:${flag.id}:${by.at}` },
      word: { key: `correct:${flag.id}:${Math.floor(by.at / hourSeconds)}`, what, note },
      text: `Corrected ${what}${note ? `: ${note}` : ''}`,
    })
  })
}
