import { cases as shippedCases } from '#config/cases/index.ts'
import { quote } from '#errors/quote.ts'
import type { Case, Source } from '#types/case.ts'
import type { Asset, Chain } from '#types/chain.ts'
import { maxAmount } from '#utils/parseAmount.ts'
import type { Faults, Path } from './faults.ts'
import type { CaseSettings } from './schema.ts'

/** Digits of the largest amount; longer ones are not even made a number. */
const maxDigits = maxAmount.toString().length

/** A case of the file with its amounts in base units; `undefined` where something is wrong. */
export function toCase(
  settings: CaseSettings,
  { chain, path, faults }: { chain: Chain; path: Path; faults: Faults },
): Case | undefined {
  const { id, name, stolenAt, followAfter } = settings
  if (shippedCases.some((shipped) => shipped.id === id)) {
    faults.refuse([...path, 'id'], 'a case of that id ships with Posse, choose another one')
    return undefined
  }
  if (chain.coins) {
    faults.refuse(
      [...path, 'chain'],
      'which coins were stolen, a transaction says: open it by /posse case open ADDRESS=AMOUNT@TX',
    )
    return undefined
  }
  const assets = new Map<string, Asset>()
  const sources = settings.sources.flatMap((given, at): Source[] => {
    const place = [...path, 'sources', at]
    const asset = findAsset(given.asset, chain)
    if (!asset) {
      faults.refuse([...place, 'asset'], assetAdvice(chain))
      return []
    }
    const parsed = parseUnits(given.amount, asset)
    if (typeof parsed === 'string') {
      faults.refuse([...place, 'amount'], parsed)
      return []
    }
    assets.set(asset.id, asset)
    return [{ address: given.address, asset: asset.id, amount: parsed }]
  })
  sources.forEach(({ address, asset }, at) => {
    const first = sources.findIndex((other) => other.address === address && other.asset === asset)
    if (first === at || sources.length < settings.sources.length) return
    faults.refuse(
      [...path, 'sources', at, 'address'],
      'it is listed above with the same asset, write one amount',
    )
  })
  return {
    id,
    name,
    chain: chain.id,
    stolenAt,
    followAfter,
    assets: [...assets.values()],
    sources,
    published: [],
  }
}

/** By `native`, the contract of a token, or a whole CAIP-19 id. */
function findAsset(text: string, chain: Chain): Asset | undefined {
  const wanted = text.trim().toLowerCase()
  if (wanted === 'native' || wanted === chain.native.id) return chain.native
  return chain.tokens.find(
    ({ contract }) => wanted === contract || wanted === `${chain.id}/erc20:${contract}`,
  )?.asset
}

function assetAdvice({ name, tokens }: Chain): string {
  const known = tokens.length === 0 ? '' : ', the contract of one of its tokens'
  return `it is no asset of the chain ${quote(name)}, write "native"${known}, or add it to the chain's tokens`
}

/** Base units of `401346.5 ETH`, or of a whole number of base units; else what is wrong. */
function parseUnits(text: string, { symbol, decimals }: Asset): bigint | string {
  const [, whole, fraction = '', unit] = /^\s*(\d+)(?:\.(\d+))?\s*(\S+)?\s*$/.exec(text) ?? []
  const example = `write a number with its unit such as ${quote(`1.5 ${symbol}`)}, or a whole number of base units`
  if (whole === undefined) return example
  if (unit === undefined && fraction !== '') return `a decimal number needs a unit, ${example}`
  if (unit !== undefined && unit.toLowerCase() !== symbol.toLowerCase()) {
    return `the unit of the asset is ${quote(symbol)}, ${example}`
  }
  const places = unit === undefined ? 0 : decimals
  if (fraction.length > places) return `${symbol} has at most ${decimals} decimals, cut the rest`
  const digits = (whole + fraction.padEnd(places, '0')).replace(/^0+/, '')
  if (digits === '') return 'it must be more than 0'
  if (digits.length > maxDigits || BigInt(digits) > maxAmount) {
    return 'it is more than any transfer can carry'
  }
  return BigInt(digits)
}
