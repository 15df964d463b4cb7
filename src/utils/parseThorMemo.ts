/** Chains as THORChain's memos name them, and by its short codes. @see https://dev.thorchain.org/concepts/memos.html */
const chains: Record<string, string> = {
  ...{ BTC: 'Bitcoin', B: 'Bitcoin', BCH: 'Bitcoin Cash', C: 'Bitcoin Cash', LTC: 'Litecoin' },
  ...{ L: 'Litecoin', DOGE: 'Dogecoin', D: 'Dogecoin', ETH: 'Ethereum', E: 'Ethereum' },
  ...{ BASE: 'Base', F: 'Base', BSC: 'BNB Smart Chain', S: 'BNB Smart Chain' },
  ...{ AVAX: 'Avalanche C-Chain', A: 'Avalanche C-Chain', GAIA: 'Cosmos Hub', G: 'Cosmos Hub' },
  ...{ THOR: 'THORChain', R: 'THORChain', XRP: 'XRP Ledger', X: 'XRP Ledger', TRON: 'Tron' },
  ...{ TR: 'Tron', SOL: 'Solana', MAYA: 'Maya' },
}

/** Longest address of any of these chains. */
const maxAddress = 100

/** Where a memo of THORChain sends a swap: chain and address. `null` where it is no swap, or does not say. */
export function parseThorMemo(memo: string): { chain: string; address: string } | null {
  const [verb = '', asset = '', destination = ''] = memo.trim().split(':')
  if (!/^(?:=<?|s|swap)$/i.test(verb)) return null
  const [code = ''] = asset.split(/[.~/-]/)
  const chain = chains[code.toUpperCase()]
  // A second address, behind a slash, is for a refund.
  const [address = ''] = destination.split('/')
  if (!chain || !/^[\w]+$/.test(address) || address.length > maxAddress) return null
  return { chain, address }
}

/**
 * The transaction, in lower case and without `0x`, for which a memo of THORChain pays out or gives back; `null` where it
 * does neither.
 */
export function parseThorOut(memo: string): { transaction: string; isRefund: boolean } | null {
  const [, verb, txid] = /^(OUT|REFUND):(?:0x)?([0-9a-f]{64})$/i.exec(memo.trim()) ?? []
  if (!verb || !txid) return null
  return { transaction: txid.toLowerCase(), isRefund: verb.toUpperCase() === 'REFUND' }
}
