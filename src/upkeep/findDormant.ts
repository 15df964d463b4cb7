import type { Context } from '#src/context.ts'
import { stolenIn } from '#trace/policies.ts'
import type { Address } from '#types/chain.ts'
import type { OpenCase } from '#types/openCase.ts'

const secondsPerDay = 86_400

/** Addresses that hold stolen value and became dormant in a span of time: nothing has moved there for so many days. */
export async function findDormant(
  { store }: Pick<Context, 'store'>,
  open: OpenCase,
  { span: { since, until }, days }: { span: { since: number; until: number }; days: number },
): Promise<Address[]> {
  const rest = days * secondsPerDay
  const found = new Set<Address>()
  for (const { id } of open.case.assets) {
    for await (const page of store.scanAccounts(open.case.id, id)) {
      for (const { address, activeAt, stop, holdings } of page) {
        const at = activeAt + rest
        const isDue = stop === null && at >= since && at < until
        if (isDue && holdings.some((holding) => stolenIn(holding) > 0n)) found.add(address)
      }
    }
  }
  return [...found].sort()
}
