import { chains as shippedChains } from '#config/chains/index.ts'
import { quote } from '#errors/quote.ts'
import type { Chain, Token } from '#types/chain.ts'
import { type Faults, hostOf, type Path } from './faults.ts'
import type { ChainSettings } from './schema.ts'

type Described = Pick<Chain, 'name' | 'explorer' | 'confirmations'> & {
  native: { symbol: string; decimals: number }
}

/** What must be said of a chain that does not ship. */
const described = {
  name: '"name": "Gnosis"',
  native: '"native": { "symbol": "xDAI", "decimals": 18 }',
  explorer: '"explorer": { "address": "https://…/address/", "transaction": "https://…/tx/" }',
  confirmations: '"confirmations": 12',
} as const satisfies Record<keyof Described, string>

/** A chain of the file put over the one that ships, if one does; `undefined` where something is missing. */
export function toChain(
  settings: ChainSettings,
  { path, faults }: { path: Path; faults: Faults },
): Chain | undefined {
  refuseTwins(settings, { path, faults })
  const shipped = shippedChains.find(({ id }) => id === settings.id)
  const { name, native, explorer, confirmations } = { ...shipped, ...withoutUndefined(settings) }
  for (const [key, example] of Object.entries(described)) {
    if ({ name, native, explorer, confirmations }[key as keyof Described] !== undefined) continue
    const advice = `the chain ${quote(settings.id)} does not ship, so write ${example}`
    faults.add([...path, key], `is missing: ${advice}`)
  }
  if (!name || !native || !explorer || confirmations === undefined) return undefined
  const { id } = settings
  const nativeAsset = {
    id: shipped?.native.id ?? `${id}/slip44:${isOfCoins(id) ? 0 : 60}`,
    symbol: native.symbol,
    decimals: native.decimals,
  }
  const given = (settings.tokens ?? []).map(({ contract, symbol, decimals, ...token }) => {
    const asset = { id: `${id}/erc20:${contract}`, symbol, decimals }
    const { wrapsNative, countsShares, issuers, signers } = token
    return {
      ...{ contract, asset },
      ...(wrapsNative && { wrapsNative }),
      ...(countsShares && { countsShares }),
      ...(issuers && { issuers }),
      ...(signers && { signers }),
    }
  })
  const kept = (shipped?.tokens ?? []).filter(
    ({ contract }) => !given.some((token) => token.contract === contract),
  )
  const tokens = [...kept, ...given].map(
    (token): Token => (token.wrapsNative ? { ...token, asset: nativeAsset } : token),
  )
  const bridges = [...(shipped?.bridges ?? []), ...(settings.bridges ?? [])]
  const coins = settings.addresses ?? shipped?.coins
  if (isOfCoins(id) && !coins) {
    const example = '"addresses": { "bech32": "tb", "pubKeyHash": 111, "scriptHash": 196 }'
    faults.add(
      [...path, 'addresses'],
      `is missing: the chain ${quote(id)} does not ship, so write ${example}`,
    )
    return undefined
  }
  const chain = { id, name, native: nativeAsset, tokens, confirmations, explorer }
  return {
    ...chain,
    ...(bridges.length > 0 && { bridges }),
    ...(isOfCoins(id) && coins && { coins }),
  }
}

function isOfCoins(id: string): boolean {
  return id.startsWith('bip122:')
}

/** Two nodes with one URL check nothing of each other, and of two tokens with one contract one is wrong. */
function refuseTwins(
  { rpc, tokens = [] }: ChainSettings,
  { path, faults }: { path: Path; faults: Faults },
): void {
  rpc.forEach(({ url }, at) => {
    if (rpc.findIndex((other) => other.url === url) === at) return
    const host = quote(hostOf(url) ?? '')
    faults.add(
      [...path, 'rpc', at, 'url'],
      `is on the host ${host}: the same URL is listed above, remove one`,
    )
  })
  tokens.forEach(({ contract }, at) => {
    if (tokens.findIndex((other) => other.contract === contract) === at) return
    faults.refuse([...path, 'tokens', at, 'contract'], 'it is listed above, remove one')
  })
}

function withoutUndefined(settings: ChainSettings): Partial<Described> {
  const { name, native, explorer, confirmations } = settings
  return {
    ...(name !== undefined && { name }),
    ...(native && { native }),
    ...(explorer && { explorer }),
    ...(confirmations !== undefined && { confirmations }),
  }
}
