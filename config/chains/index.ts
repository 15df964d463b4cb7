import type { Chain } from '#types/chain.ts'
import { arbitrum } from './arbitrum.ts'
import { avalanche } from './avalanche.ts'
import { base } from './base.ts'
import { bitcoin } from './bitcoin.ts'
import { bnb } from './bnb.ts'
import { ethereum } from './ethereum.ts'
import { mantle } from './mantle.ts'
import { optimism } from './optimism.ts'
import { polygon } from './polygon.ts'

/** The chains that Posse knows. */
export const chains: Chain[] = [
  ethereum,
  arbitrum,
  base,
  optimism,
  bnb,
  polygon,
  avalanche,
  mantle,
  bitcoin,
]
