import type { Context } from '#src/context.ts'
import { stolenIn } from '#trace/policies.ts'
import type { Address, Block, ChainReader } from '#types/chain.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Contract, StandingChange } from '#types/standing.ts'
import type { TrailChange } from '#types/trail.ts'
import { mapSome } from '#utils/mapSome.ts'

/** Addresses on the trail of a case that run code. */
export function contractsOn({ standing }: Context, { case: theft, watched }: OpenCase): Address[] {
  return [...standing.contract.values()]
    .filter(({ chain, address }) => chain === theft.chain && watched.has(address))
    .map(({ address }) => address)
}

/** Whether one of them holds any of the native asset, as far as it is at hand. */
export function holdsByContract(context: Context, open: OpenCase): boolean {
  const native = context.chains.get(open.case.chain)?.native.id ?? ''
  const accounts = open.trail.ledgers.get(native)?.accounts
  return contractsOn(context, open).some((address) => {
    const account = accounts?.get(address)
    return account?.stop === null && account.holdings.some((holding) => stolenIn(holding) > 0n)
  })
}

/** Which of the addresses that a block brings onto a trail run code, and which of those on it begin to. */
export async function findContracts(
  context: Context,
  reader: ChainReader,
  { open, block, change }: { open: OpenCase; block: Block; change: TrailChange },
): Promise<StandingChange[]> {
  const native = context.chains.get(block.chain)?.native.id
  const opened = change.seen
    .flatMap((seen) => seen.opened ?? [])
    .filter(({ asset }) => asset === native)
    .map(({ address }) => address)
  const delegated = change.seen.flatMap(({ transaction }) => transaction.delegated ?? [])
  const isKnown = (address: Address) => context.standing.contract.has(keyOf(block.chain, address))
  // What was stolen from may be a contract itself.
  const sources = open.head === null ? open.case.sources.map(({ address }) => address) : []
  const asked = [...new Set([...sources, ...opened])].filter((address) => !isKnown(address))
  const found = await mapSome(asked, async (address) =>
    (await reader.hasCode?.({ address, at: block })) ? [address] : [],
  )
  const news = new Set([...found.flat(), ...delegated.filter((address) => !isKnown(address))])
  const { chain, number } = block
  return [...news].map((address) => contractChange({ chain, address, block: number }))
}

/** That an address may pay in transactions that do not name it. */
export function contractChange(value: Contract): StandingChange {
  return { kind: 'contract', key: keyOf(value.chain, value.address), value }
}

/** That no node could tell what contracts paid in a block of a case, where it is the first such block. */
export function findGap(
  { standing }: Context,
  { case: { id } }: OpenCase,
  { seen }: TrailChange,
): StandingChange[] {
  const [first] = seen.filter(({ transaction }) => transaction.isPartial)
  if (!first || standing.gap.has(id)) return []
  const value = { caseId: id, sinceBlock: first.block.number }
  return [{ kind: 'gap', key: id, value }]
}

/** What figures of a case lack, as people say it; `null` where nothing is known to be lacking. */
export function lackOf({ standing }: Context, { case: theft }: OpenCase): string | null {
  if (theft.recording) return 'no internal transfers: the recording has none'
  const gap = standing.gap.get(theft.id)
  return gap ? `no internal transfers since block ${gap.sinceBlock}: no node told them` : null
}

function keyOf(chain: string, address: Address): string {
  return `${chain} ${address}`
}
