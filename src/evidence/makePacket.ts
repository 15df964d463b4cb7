import { EvidenceInSharesError } from '#errors/evidence.ts'
import type { Context } from '#src/context.ts'
import { labelsFor } from '#src/sharing/labelsFor.ts'
import type { Address, AssetId, BlockRef } from '#types/chain.ts'
import type { OpenCase } from '#types/openCase.ts'
import { trailPolicies } from '#types/trail.ts'
import { mapSome } from '#utils/mapSome.ts'
import { explainBalances } from './explainBalances.ts'
import { type Gathered, gatherExhibit, type HouseStop } from './gatherExhibit.ts'
import type {
  Packet,
  PacketAccount,
  PacketLabel,
  PacketParts,
  PacketTransaction,
} from './packet.ts'
import { stepKey } from './rerun.ts'
import { sealPacket } from './sealPacket.ts'

/** Characters of what a list says: it may say more than a packet holds. */
const maxText = 200

const none = ['0', '0', '0'] as [string, string, string]

/**
 * Evidence that stolen value came to an address, for anybody to work out again on their own node.
 * @throws EvidenceTooLargeError, NoReaderError, StillRetracedError, ChainMovedError
 */
export async function makePacket(
  context: Context,
  open: OpenCase,
  {
    asset,
    address,
    asked,
    signer,
  }: {
    asset: AssetId
    address: Address
    asked: { what: string; days: number; mayTell: boolean }
    signer: { key: string; by: string; sign: (text: string) => string }
  },
): Promise<Packet> {
  const gathered = await gatherExhibit(context, open, { asset, address })
  const question = questionOf(context, open, { asset, address, asked, by: signer.by, gathered })
  const parts: PacketParts = {
    question,
    labels: labelsOf(context, open, gathered),
    accounts: await readAccounts(gathered),
    transactions: transactionsOf(gathered),
    result: resultOf(gathered),
  }
  return sealPacket(parts, signer)
}

function questionOf(
  context: Context,
  { case: theft, trail }: OpenCase,
  {
    asset: id,
    address,
    asked,
    by,
    gathered,
  }: {
    asset: AssetId
    address: Address
    asked: PacketParts['question']['asked']
    by: string
    gathered: Gathered
  },
): PacketParts['question'] {
  const asset = theft.assets.find((each) => each.id === id)
  const chain = context.chains.get(theft.chain)
  if (!asset || !chain) throw new RangeError(`The case "${theft.id}" has no asset "${id}".`)
  const stolen = trail.ledgers.get(id)?.stolen ?? 0n
  const tokens = chain.tokens.filter((token) => token.asset.id === id)
  if (tokens.some(({ countsShares }) => countsShares)) throw new EvidenceInSharesError(asset.symbol)
  return {
    kind: 'question',
    case: { id: theft.id, name: theft.name, isDrill: theft.isDrill === true },
    chain: theft.chain,
    stolenAt: theft.stolenAt,
    followAfter: theft.followAfter ?? -1,
    sources: gathered.exhibit.sources.map((source) => ({
      address: source.address,
      amount: String(source.amount),
    })),
    asset: { id, symbol: asset.symbol, decimals: asset.decimals },
    tokens: tokens.map(({ contract, wrapsNative = false }) => ({ contract, wrapsNative })),
    address,
    until: gathered.until,
    rule: {
      version: 1,
      policies: [...trailPolicies],
      dustFloor: String((stolen * context.rules.dustPerMillion) / 1_000_000n),
    },
    asked,
    tlp: context.standing.mark.get(`case:${theft.id}`)?.tlp ?? context.rules.tlp,
    by,
    madeAt: context.now(),
  }
}

/** What addresses on the way are called, and where the trail ends though they pay back in. */
function labelsOf(
  context: Context,
  { case: theft }: OpenCase,
  { exhibit, houseStops }: Gathered,
): PacketLabel[] {
  const labels = labelsFor(context, theft.id)
  const payers = new Set(
    exhibit.transactions.flatMap(({ transaction }) =>
      transaction.transfers.map(({ from }) => from),
    ),
  )
  const named = [...exhibit.windows.map((window) => window.address), exhibit.address]
  const stops = [...exhibit.stops.keys()].filter((each) => payers.has(each))
  return [...new Set([...named, ...stops])].flatMap((address): PacketLabel[] => {
    const [label] = labels.get(address) ?? []
    const house = houseStops.get(address)
    const isStop = exhibit.stops.has(address)
    if (house) return [{ ...byRule(address, house), isStop }]
    if (!label) return []
    const { kind: called, date, confidence } = label
    const name = label.name.slice(0, maxText)
    const source = label.source.slice(0, maxText)
    return [{ kind: 'label', address, name, called, source, date, confidence, isStop }]
  })
}

function byRule(address: Address, called: HouseStop) {
  const source = 'rule of the house'
  return { kind: 'label' as const, address, name: '', called, source, date: '', confidence: 1 }
}

async function readAccounts({
  exhibit,
  seen,
  reader,
  archive,
}: Gathered): Promise<PacketAccount[]> {
  const blocks = new Map<number, BlockRef>([[-1, { number: -1, hash: '' }]])
  for (const { block } of seen) {
    blocks.set(block.number - 1, { number: block.number - 1, hash: block.parentHash })
    blocks.set(block.number, block)
  }
  async function readEnd(address: Address, number: number) {
    const at = blocks.get(number) ?? (await reader.readRef(number))
    const balance = at ? await archive.readBalance(address, at) : null
    return { balance, nonce: at ? await archive.readNonce(address, at) : null }
  }
  const explained = explainBalances(exhibit)
  return await mapSome(exhibit.windows, async ({ address, from, to }): Promise<PacketAccount> => {
    const [first, last] = [await readEnd(address, from), await readEnd(address, to)]
    const { moved = 0n } = explained.get(address) ?? {}
    const { balance: before, nonce: sentBefore } = first
    const { balance: after, nonce: sentAfter } = last
    const isRead = before !== null && after !== null
    const isCounted = sentBefore !== null && sentAfter !== null
    return {
      ...{ kind: 'account', address, from, to },
      balances: isRead ? { from: `${before}`, to: `${after}` } : null,
      nonces: isCounted ? { from: sentBefore, to: sentAfter } : null,
      unexplained: isRead ? `${after - before - moved}` : '0',
    }
  })
}

function transactionsOf({ exhibit: { asset }, seen, result }: Gathered): PacketTransaction[] {
  return seen.map(({ transaction: { hash, transfers, fee }, block, time }) => ({
    kind: 'transaction',
    hash,
    block: block.number,
    blockHash: block.hash,
    time,
    transfers: transfers
      .filter((transfer) => transfer.asset === asset && transfer.from !== transfer.to)
      .map(({ position, from, to, amount, isFee }) => ({
        ...{ position, from, to, amount: String(amount) },
        ...(isFee && { isFee }),
        stolen: triple(result.steps.get(stepKey(hash, position))),
      })),
    fee: fee?.asset === asset ? { from: fee.from, amount: String(fee.amount) } : null,
  }))
}

function resultOf({ result: { arrived, held, hops, path } }: Gathered): PacketParts['result'] {
  return {
    kind: 'result',
    arrived: triple(arrived),
    held: triple(held),
    hops,
    path: path.map(({ transaction, transfer }) => ({
      transaction: transaction.hash,
      position: transfer.position,
    })),
  }
}

function triple(amounts: readonly bigint[] = []): [string, string, string] {
  const [fifo, first, clean] = amounts
  if (fifo === undefined || first === undefined || clean === undefined) return none
  return [String(fifo), String(first), String(clean)]
}
