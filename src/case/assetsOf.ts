import type { Context } from '#src/context.ts'
import type { Asset, AssetId } from '#types/chain.ts'
import type { OpenCase } from '#types/openCase.ts'

/** What a case follows: what was stolen, and what became of it. */
export function assetsOf(
  { chains }: Pick<Context, 'chains'>,
  { case: theft, trail }: Pick<OpenCase, 'case' | 'trail'>,
): Asset[] {
  const chain = chains.get(theft.chain)
  const known = [...(chain ? [chain.native, ...chain.tokens.map(({ asset }) => asset)] : [])]
  const others = [...trail.ledgers.keys()].filter(
    (id) => !theft.assets.some((each) => each.id === id),
  )
  return [...theft.assets, ...others.flatMap((id) => known.find((each) => each.id === id) ?? [])]
}

/** One of them. */
export function assetIn(
  context: Pick<Context, 'chains'>,
  open: Pick<OpenCase, 'case' | 'trail'>,
  asset: AssetId,
): Asset | undefined {
  return assetsOf(context, open).find(({ id }) => id === asset)
}
