import type { Chain } from '#types/chain.ts'

/** CAIP-2: the first 32 digits of the hash of the first block. */
const id = 'bip122:000000000019d6689c085ae165831e93'

export const bitcoin: Chain = {
  id,
  name: 'Bitcoin',
  native: { id: `${id}/slip44:0`, symbol: 'BTC', decimals: 8 },
  tokens: [],
  // Version bytes and prefix of chainparams in Bitcoin Core.
  coins: { bech32: 'bc', pubKeyHash: 0x00, scriptHash: 0x05 },
  confirmations: 6,
  explorer: { address: 'https://mempool.space/address/', transaction: 'https://mempool.space/tx/' },
}
