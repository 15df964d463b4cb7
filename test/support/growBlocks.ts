import { ethereum } from '#config/chains/ethereum.ts'
import type { Block, Transaction } from '#types/chain.ts'

/** Made-up blocks without gaps behind those kept, from number 0 on, twelve seconds apart. */
export function growBlocks(
  kept: readonly Block[],
  {
    to,
    branch = 'a',
    transactionsOf = () => [],
  }: { to: number; branch?: string; transactionsOf?: (number: number) => Transaction[] },
): Block[] {
  const blocks = [...kept]
  for (let number = (kept.at(-1)?.number ?? -1) + 1; number <= to; number++) {
    blocks.push({
      chain: ethereum.id,
      number,
      hash: `${branch}${number}`,
      parentHash: blocks.at(-1)?.hash ?? 'start',
      time: 1_700_000_000 + number * 12,
      transactions: transactionsOf(number),
    })
  }
  return blocks
}

/** The blocks up to `number`. */
export function cutBlocks(blocks: readonly Block[], number: number): Block[] {
  return blocks.filter((block) => block.number <= number)
}
