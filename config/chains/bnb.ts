import { defineChain } from './defineChain.ts'

export const bnb = defineChain({
  id: 56,
  name: 'BNB Smart Chain',
  symbol: 'BNB',
  coin: 714,
  wrapper: '0xbb4CdB9CBd36B01bD1cBaEBF2De08d9173bc095c',
  // What bridges pay out, as Across's lists have it.
  tokens: [
    { contract: '0x8AC76a51cc950d9822D68b83fE1Ad97B32Cd580d', symbol: 'USDC', decimals: 18 },
    { contract: '0x55d398326f99059fF775485246999027B3197955', symbol: 'USDT', decimals: 18 },
  ],
  // Some ten seconds; validators vote for finality within a few blocks.
  confirmations: 15,
  explorer: 'https://bscscan.com',
})
