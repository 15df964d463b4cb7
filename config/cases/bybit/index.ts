import type { Case } from '#types/case.ts'
import { bybitAssets } from './assets.ts'

export { bybitFirstHops } from './data.ts'

const firstWallet = '0x47666fab8bd0ac7003bce3f5c3585383f09486e2'

const benZhou = 'Ben Zhou, Bybit, on X (no rule was published with the numbers)'

/** The theft from Bybit. Its data serve displays and tests of noise: they are too thin to be traced to the wei. */
export const bybit: Case = {
  id: 'bybit',
  name: 'Bybit, February 2025',
  chain: 'eip155:1',
  // 2025-02-21 14:16:11 UTC, block 21,895,251.
  stolenAt: 1_740_147_371,
  assets: bybitAssets,
  sources: [
    {
      address: firstWallet,
      asset: 'eip155:1/slip44:60',
      amount: 401_346_768858404671846374n,
    },
    {
      address: firstWallet,
      asset: 'eip155:1/erc20:0xae7ab96520de3a18e5e111b5eaab095312d7fe84',
      // 0.00000968 less than what then moved on: balances of stETH are rounded shares and grow daily.
      amount: 90_375_547908000000000000n,
    },
    {
      address: firstWallet,
      asset: 'eip155:1/erc20:0xd5f7838f5c461feff7fe49ea5ebaf7728bb0adfa',
      amount: 8_000_000000000000000000n,
    },
    {
      address: firstWallet,
      asset: 'eip155:1/erc20:0xe6829d9a7ee3040e1276fa75293bde931859e8fa',
      amount: 15_000_000000000000000000n,
    },
  ],
  published: [
    {
      date: '2025-02-21',
      text: '401,346.77 ETH, 90,375.55 stETH, 15,000 cmETH and 8,000 mETH were taken in block 21,895,251.',
      source: 'Ethereum, transactions 0xb61413c4…, 0xa284a1bc…, 0x847b8403…, 0xbcf316f5…',
    },
    {
      date: '2025-02-26',
      text: '51 Ethereum addresses hold or held assets of the theft.',
      source: 'FBI PSA I-022625-PSA, ic3.gov/PSA/2025/PSA250226',
    },
    {
      date: '2025-03-03',
      text: '49 wallets have moved 484,164.66 ETH on since 2025-02-22.',
      source: 'Taylor Monahan, github.com/tayvano/lazarus-bluenoroff-research',
    },
    { date: '2025-03-04', text: '77 % traceable, 20 % gone dark, 3 % frozen.', source: benZhou },
    {
      date: '2025-03-20',
      text: '88.87 % traceable, 7.59 % gone dark, 3.54 % frozen.',
      source: benZhou,
    },
    {
      date: '2025-04-21',
      text: '68.57 % traceable, 27.59 % gone dark, 3.84 % frozen.',
      source: benZhou,
    },
  ],
}
