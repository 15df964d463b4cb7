import { across } from './across.ts'
import { cctp } from './cctp.ts'
import { chainflip } from './chainflip.ts'
import { debridge } from './debridge.ts'
import { layerzero, stargate } from './layerzero.ts'
import type { Protocol } from './protocol.ts'
import { lido, meth } from './queues.ts'
import { thorchain } from './thorchain.ts'
import { wormhole } from './wormhole.ts'

/** Protocols by the names under which `config/chains/bridges.ts` lists their contracts. */
export const protocols: Readonly<Partial<Record<string, Protocol>>> = {
  THORChain: thorchain,
  Chainflip: chainflip,
  Across: across,
  CCTP: cctp,
  LayerZero: layerzero,
  Stargate: stargate,
  deBridge: debridge,
  Wormhole: wormhole,
  Lido: lido,
  mETH: meth,
}
