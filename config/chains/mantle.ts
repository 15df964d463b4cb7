import { defineChain } from './defineChain.ts'

export const mantle = defineChain({
  id: 5000,
  name: 'Mantle',
  symbol: 'MNT',
  // Its own coin has no number of SLIP-44.
  coin: 60,
  wrapper: '0x78c1b0C915c4FAA5FffA6CAbf0219DA63d7f4cb8',
  // Half a minute in the order of its sequencer; final once Ethereum has it.
  confirmations: 15,
  explorer: 'https://mantlescan.xyz',
})
