import type { Chain } from '#types/chain.ts'
import { ethereum } from './ethereum.ts'

/** The chains that Posse knows. */
export const chains: Chain[] = [ethereum]
