import { defineChain } from './defineChain.ts'

export const optimism = defineChain({
  id: 10,
  name: 'OP Mainnet',
  symbol: 'ETH',
  coin: 60,
  wrapper: '0x4200000000000000000000000000000000000006',
  // What bridges pay out, as Across's and Uniswap's lists have it.
  tokens: [
    { contract: '0x0b2C639c533813f4Aa9D7837CAf62653d097Ff85', symbol: 'USDC', decimals: 6 },
    { contract: '0x7F5c764cBc14f9669B88837ca1490cCa17c31607', symbol: 'USDC.e', decimals: 6 },
    { contract: '0x94b008aA00579c1307B0EF2c499aD98a8ce58e58', symbol: 'USDT', decimals: 6 },
    { contract: '0x01bFF41798a0BcF287b996046Ca68b395DbC1071', symbol: 'USDT0', decimals: 6 },
  ],
  // Half a minute in the order of its sequencer; final once Ethereum has it.
  confirmations: 15,
  explorer: 'https://optimistic.etherscan.io',
})
