import type { Asset } from '#types/chain.ts'

/** Decimals that people read in a chat; the rest is cut, never rounded up. */
const shownDecimals = 6

/**
 * An amount for people: `1,250.5 ETH`. Cut to six decimals; what is cut to nothing says so.
 * @example formatAmount(1n, ether) // '<0.000001 ETH'
 */
export function formatAmount(amount: bigint, { decimals, symbol }: Asset): string {
  const text = formatUnits(amount, decimals, Math.min(shownDecimals, decimals))
  return `${text} ${symbol}`
}

/** An amount with all its decimals and no symbol: `175099.9998424`. */
export function formatExact(amount: bigint, { decimals }: Asset): string {
  return formatUnits(amount, decimals, decimals).replaceAll(',', '')
}

function formatUnits(amount: bigint, decimals: number, shown: number): string {
  const unit = 10n ** BigInt(decimals)
  const whole = (amount / unit).toString().replace(/\B(?=(\d{3})+$)/g, ',')
  const fraction = (amount % unit).toString().padStart(decimals, '0').slice(0, shown)
  const digits = decimals === 0 ? '' : fraction.replace(/0+$/, '')
  if (whole === '0' && digits === '' && amount > 0n) return `<0.${'1'.padStart(shown, '0')}`
  return digits === '' ? whole : `${whole}.${digits}`
}
