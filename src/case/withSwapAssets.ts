import type { Context } from '#src/context.ts'
import type { Case } from '#types/case.ts'
import type { Asset } from '#types/chain.ts'

/** A case with what its chain knows besides what was stolen: it may be swapped into that. */
export function withSwapAssets({ chains }: Pick<Context, 'chains'>, theft: Case): Case {
  const chain = chains.get(theft.chain)
  if (!chain) return theft
  const assets = new Map<string, Asset>(theft.assets.map((asset) => [asset.id, asset]))
  for (const asset of [chain.native, ...chain.tokens.map((token) => token.asset)]) {
    if (!assets.has(asset.id)) assets.set(asset.id, asset)
  }
  return { ...theft, assets: [...assets.values()] }
}
