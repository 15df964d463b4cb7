import { defineChain } from './defineChain.ts'

export const ethereum = defineChain({
  id: 1,
  name: 'Ethereum',
  symbol: 'ETH',
  coin: 60,
  wrapper: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
  // Two and a half minutes; an hour later the chain itself calls it final.
  confirmations: 12,
  explorer: 'https://etherscan.io',
})
