import { defineChain } from './defineChain.ts'

export const bnb = defineChain({
  id: 56,
  name: 'BNB Smart Chain',
  symbol: 'BNB',
  coin: 714,
  wrapper: '0xbb4CdB9CBd36B01bD1cBaEBF2De08d9173bc095c',
  // Some ten seconds; validators vote for finality within a few blocks.
  confirmations: 15,
  explorer: 'https://bscscan.com',
})
