import type { Assets } from '#adapters/chain/evm/readMoves.ts'
import { chains } from '#config/chains/index.ts'

/** What ships of a chain, as its blocks are read with. */
export function chainAssets(id: string): Assets {
  const chain = chains.find((each) => each.id === id)
  if (!chain) throw new RangeError(`"${id}" is no chain that ships.`)
  return {
    native: chain.native.id,
    tokens: new Map(chain.tokens.map((token) => [token.contract, token])),
    bridges: chain.bridges ?? [],
  }
}
