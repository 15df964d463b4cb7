import type { Case } from '#types/case.ts'

/** The theft from the Ronin Bridge, with a recording of the thief's transactions that can be replayed. */
export const ronin: Case = {
  id: 'ronin',
  name: 'Ronin Bridge, March 2022',
  chain: 'eip155:1',
  // 2022-03-23 13:29:09 UTC, block 14,442,835: the first of the two withdrawals.
  stolenAt: 1_648_042_149,
  assets: [{ id: 'eip155:1/slip44:60', symbol: 'ETH', decimals: 18 }],
  sources: [
    {
      address: '0x098b716b8aaf21512996dc57eb0615e2383e2f96',
      asset: 'eip155:1/slip44:60',
      // What the thief spends in the recording, fees included: a contract paid the theft, so it is not in there.
      amount: 182_166_110533098258739344n,
    },
  ],
  published: [
    {
      date: '2022-03-29',
      text: '173,600 ETH and 25.5 million USDC were taken on 2022-03-23.',
      source: 'Ronin Network, community alert',
    },
    {
      date: '2022-08-20',
      text: '175,000 ETH went into Tornado Cash between 4 April and 19 May 2022, 6,249 ETH to Huobi, FTX and Crypto.com in March 2022.',
      source: 'BliteZero (SlowMist)',
    },
  ],
  recording: new URL('./transactions.csv.gz', import.meta.url),
}
