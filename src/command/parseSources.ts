import { InvalidSourcesError } from '#errors/input.ts'
import type { NamedSource } from '#src/case/startCase.ts'
import type { Asset, Chain } from '#types/chain.ts'
import { parseAddress } from '#utils/parseAddress.ts'
import { parseTransaction } from '#utils/parseTransaction.ts'
import { parseUnits } from '#utils/parseUnits.ts'

/**
 * Sources as people write them: `ADDRESS=AMOUNT`, with `@TX` for the transaction of the theft, one after the other.
 * @example parseSources('0xabc…=1.5k ETH@0xdef…', ethereum)
 * @throws InvalidSourcesError, InvalidAddressError, InvalidAmountError, InvalidTransactionError
 */
export function parseSources(text: string, chain: Chain): NamedSource[] {
  // An amount may hold spaces and commas: what comes before an equals sign begins a source.
  const parts = text.split(/[\s,;]+(?=\S+?\s*=)/).filter((part) => part.trim() !== '')
  const sources = parts.map((part) => parseSource(part, chain))
  sources.forEach(({ address, asset }, at) => {
    const first = sources.findIndex((each) => each.address === address && each.asset === asset)
    if (first !== at)
      throw new InvalidSourcesError({
        text: parts[at] ?? '',
        reason: 'the same address and asset stand before it, write one amount',
      })
  })
  return sources
}

function parseSource(text: string, chain: Chain): NamedSource {
  const [, address, amount, transaction] =
    /^\s*(\S+?)\s*=\s*([^@]+?)\s*(?:@\s*(\S+))?\s*$/.exec(text) ?? []
  if (address === undefined || amount === undefined) throw new InvalidSourcesError({ text })
  const asset = assetIn(amount, chain)
  if (!asset) {
    const known = assetsOf(chain).map(({ symbol }) => symbol)
    throw new InvalidSourcesError({
      text,
      reason: `the amount needs one of the units ${known.join(', ')}`,
    })
  }
  return {
    address: parseAddress(address),
    asset: asset.id,
    amount: parseUnits(amount, asset),
    transaction: transaction === undefined ? null : parseTransaction(transaction),
  }
}

/** The asset whose symbol an amount ends with. Tokens are known by contract, so that a copied name is none. */
function assetIn(amount: string, chain: Chain): Asset | undefined {
  const lower = amount.toLowerCase()
  return assetsOf(chain)
    .filter(({ symbol }) => lower.endsWith(symbol.toLowerCase()))
    .sort((a, b) => b.symbol.length - a.symbol.length)[0]
}

function assetsOf({ native, tokens }: Chain): Asset[] {
  return [native, ...tokens.filter(({ wrapsNative }) => !wrapsNative).map(({ asset }) => asset)]
}
