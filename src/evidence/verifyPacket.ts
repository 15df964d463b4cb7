import type { Check, EvidenceAsset, EvidenceReader } from '#types/evidence.ts'
import type { ServiceKind } from '#types/label.ts'
import { serviceKinds } from '#types/label.ts'
import type { LabelIndex } from '#utils/indexLabels.ts'
import { checkAccounts } from './checkAccounts.ts'
import { checkLabels } from './checkLabels.ts'
import { checkResult } from './checkResult.ts'
import { checkSeal } from './checkSeal.ts'
import { checkTransactions } from './checkTransactions.ts'
import type { Packet, PacketParts, PacketQuestion } from './packet.ts'
import { type Exhibit, rerun } from './rerun.ts'

/** What a packet's question is asked of: the reader of its chain needs it. */
export function assetOf({ chain, asset, tokens }: PacketQuestion): EvidenceAsset {
  const isNative = !asset.id.includes('/erc20:')
  return {
    chain,
    asset,
    isNative,
    tokens: tokens.map(({ contract, wrapsNative }) => ({ contract, asset, wrapsNative })),
  }
}

/**
 * Works a packet of evidence out again from the reader's own node. Nothing in it is believed but the question: who stole
 * how much when, and whether it came to that address.
 */
export async function verifyPacket(
  packet: Packet,
  parts: PacketParts,
  {
    reader,
    labels,
    key,
    onProgress = () => undefined,
  }: {
    reader: EvidenceReader
    /** What lists at hand call addresses. */
    labels: LabelIndex
    /** Public key of who must have signed; `null` where anybody may. */
    key: string | null
    /** Told of transactions and addresses as they are read. */
    onProgress?: (done: number, all: number) => void
  },
): Promise<Check[]> {
  const { question, accounts } = parts
  const { isNative } = assetOf(question)
  const all = parts.transactions.length + accounts.length
  const read = await checkTransactions(question, parts.transactions, {
    reader,
    onProgress: (done) => onProgress(done, all),
  })
  const { transactions } = read
  const checked = await checkAccounts(question, accounts, {
    reader,
    isNative,
    transactions,
    onProgress: (done) => onProgress(parts.transactions.length + done, all),
  })
  const exhibit: Exhibit = {
    asset: question.asset.id,
    sources: question.sources.map(({ address, amount }) => ({ address, amount: BigInt(amount) })),
    address: question.address,
    windows: checked.windows,
    transactions,
    stops: stopsOf(parts),
  }
  const isWhole = read.isWhole && checked.isWhole
  return [
    ...checkSeal(packet, key),
    ...checkAsset(question),
    ...checkLabels(parts, labels),
    ...read.checks,
    ...checked.checks,
    ...checkResult(parts, { exhibit, again: rerun(exhibit), isWhole }),
  ]
}

/** The exit code that says how it ended: 0 agrees, 1 differs, 2 cannot all be checked. */
export function exitCodeOf(checks: readonly Check[]): 0 | 1 | 2 {
  if (checks.some(({ verdict }) => verdict === 'differs')) return 1
  return checks.some(({ verdict }) => verdict === 'unchecked') ? 2 : 0
}

function stopsOf({ labels }: PacketParts): ReadonlyMap<string, ServiceKind> {
  const stops = labels.filter(({ isStop }) => isStop)
  return new Map(
    stops.map(({ address, called }) => [
      address,
      serviceKinds.find((kind) => kind === called) ?? 'service',
    ]),
  )
}

/** A token is what its contract is: nothing else may count as it. */
function checkAsset({ chain, asset, tokens }: PacketQuestion): Check[] {
  const subject = `asset ${asset.id}`
  const [, contract] = /\/erc20:(0x[0-9a-f]{40})$/.exec(asset.id) ?? []
  const differs = (text: string): Check[] => [
    { verdict: 'differs', fault: 'lying asset', subject, text },
  ]
  if (!asset.id.startsWith(`${chain}/`)) return differs(`is not one of the chain ${chain}`)
  if (contract === undefined) {
    const wrong = tokens.find(({ wrapsNative }) => !wrapsNative)
    if (wrong) return differs(`the token ${wrong.contract} does not wrap it`)
    const others = tokens.map((token) => token.contract).join(', ')
    const text = others ? `counts together with ${others}` : 'counts alone'
    return [{ verdict: 'noted', subject, text }]
  }
  const isAlone = tokens.length === 1 && tokens[0]?.contract === contract
  if (!isAlone) return differs('other contracts than its own count as it')
  return [{ verdict: 'agrees', subject, text: 'is the token of that contract' }]
}
