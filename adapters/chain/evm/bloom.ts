import { hexToBytes, keccak256 } from 'viem'
import { type RawLog, transferTopic } from './raw.ts'

/** The three of the 2,048 bits that a value sets. @see https://ethereum.github.io/yellowpaper/paper.pdf, 4.4.1 */
function bitsOf(value: string): number[] {
  const hash = keccak256(hexToBytes(value as `0x${string}`), 'bytes')
  return [0, 2, 4].map((at) => (((hash[at] ?? 0) << 8) | (hash[at + 1] ?? 0)) & 2047)
}

const transferBits = bitsOf(transferTopic)

/** Whether a Transfer log may be behind this bloom; where not, there is none. */
export function mayHoldTransfer(bloom: string): boolean {
  return transferBits.every((bit) => {
    const digit = bloom.charCodeAt(bloom.length - 1 - (bit >> 2))
    const value = digit <= 57 ? digit - 48 : (digit | 32) - 87
    return (value >> (bit & 3)) & 1
  })
}

/** The bloom that exactly these logs make. */
export function bloomOf(logs: readonly Pick<RawLog, 'address' | 'topics'>[]): string {
  const bytes = Buffer.alloc(256)
  for (const value of new Set(logs.flatMap(({ address, topics }) => [address, ...topics]))) {
    for (const bit of bitsOf(value)) {
      const at = 255 - (bit >> 3)
      bytes[at] = (bytes[at] ?? 0) | (1 << (bit & 7))
    }
  }
  return `0x${bytes.toString('hex')}`
}
