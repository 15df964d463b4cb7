import { defineChain } from './defineChain.ts'

export const mantle = defineChain({
  id: 5000,
  name: 'Mantle',
  symbol: 'MNT',
  // Its own coin has no number of SLIP-44.
  coin: 60,
  wrapper: '0x78c1b0C915c4FAA5FffA6CAbf0219DA63d7f4cb8',
  // What bridges pay out, as LayerZero's lists have it.
  tokens: [
    { contract: '0x09Bc4E0D864854c6aFB6eB9A9cdF58aC190D0dF9', symbol: 'USDC', decimals: 6 },
    { contract: '0x201EBa5CC46D216Ce6DC03F6a759e8E766e956aE', symbol: 'USDT', decimals: 6 },
    { contract: '0xdEAddEaDdeadDEadDEADDEAddEADDEAddead1111', symbol: 'WETH', decimals: 18 },
  ],
  // Half a minute in the order of its sequencer; final once Ethereum has it.
  confirmations: 15,
  explorer: 'https://mantlescan.xyz',
})
