import type { Asset } from '#types/chain.ts'

/** What was stolen from Bybit. A token is what its contract says it is, whatever symbol another one shows. */
export const bybitAssets: Asset[] = [
  { id: 'eip155:1/slip44:60', symbol: 'ETH', decimals: 18 },
  {
    id: 'eip155:1/erc20:0xae7ab96520de3a18e5e111b5eaab095312d7fe84',
    symbol: 'stETH',
    decimals: 18,
  },
  {
    id: 'eip155:1/erc20:0xd5f7838f5c461feff7fe49ea5ebaf7728bb0adfa',
    symbol: 'mETH',
    decimals: 18,
  },
  {
    id: 'eip155:1/erc20:0xe6829d9a7ee3040e1276fa75293bde931859e8fa',
    symbol: 'cmETH',
    decimals: 18,
  },
]
