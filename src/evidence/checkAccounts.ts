import { CannotCheckError } from '#errors/evidence.ts'
import type { Address } from '#types/chain.ts'
import type { Check, EvidenceReader, Fault } from '#types/evidence.ts'
import { mapSome } from '#utils/mapSome.ts'
import { type Explained, explainBalances } from './explainBalances.ts'
import type { PacketAccount, PacketQuestion } from './packet.ts'
import type { Exhibit, Window } from './rerun.ts'

type Ends = { from: bigint; to: bigint; sent: number | null; moves: string[] | null }

export type CheckedAccounts = { checks: Check[]; windows: Window[]; isWhole: boolean }

/**
 * Reads what each address held at both ends, and compares: what its transactions do not explain was left out of the
 * packet. Of a native asset the nonces tell how many transactions an address sent, of a token the node lists them.
 */
export async function checkAccounts(
  { asset, sources, followAfter }: PacketQuestion,
  accounts: readonly PacketAccount[],
  {
    reader,
    isNative,
    transactions,
    onProgress,
  }: {
    reader: EvidenceReader
    isNative: boolean
    transactions: Exhibit['transactions']
    onProgress: (done: number) => void
  },
): Promise<CheckedAccounts> {
  let done = 0
  const ends = await mapSome(accounts, async (account) => {
    const read = await readEnds(reader, account, isNative)
    done += 1
    onProgress(done)
    return read
  })
  const windows = accounts.map(({ address, from, to, balances }, index): Window => {
    const read = ends[index]
    const known = read instanceof CannotCheckError ? undefined : read?.from
    return { address, from, to, balance: known ?? BigInt(balances?.from ?? 0) }
  })
  const explained = explainBalances({ asset: asset.id, windows, transactions })
  const hashes = new Set(transactions.map(({ transaction }) => transaction.hash))
  const held = new Map<Address, bigint>()
  for (const source of sources) {
    held.set(source.address, (held.get(source.address) ?? 0n) + BigInt(source.amount))
  }
  const checks = accounts.flatMap((account, index): Check[] => {
    const read = ends[index]
    const subject = `address ${account.address}`
    if (!read || read instanceof CannotCheckError) {
      return [{ verdict: 'unchecked', subject, text: read?.message ?? 'was not read' }]
    }
    const known = explained.get(account.address) ?? { moved: 0n, sent: 0 }
    const stolen = held.get(account.address)
    const checked = [
      ...(stolen === undefined ? [] : [checkSource(account, { read, stolen, followAfter })]),
      compareEnds(account, { read, known, hashes }),
    ]
    return checked.map((check) => ({ ...check, subject }))
  })
  return {
    checks,
    windows,
    // What no transfer tells may have been stolen or not.
    isWhole: checks.every(({ verdict }) => verdict !== 'unchecked'),
  }
}

async function readEnds(
  reader: EvidenceReader,
  { address, from, to }: PacketAccount,
  isNative: boolean,
): Promise<Ends | CannotCheckError> {
  try {
    const balances = await Promise.all([
      reader.readBalance({ address, block: from }),
      reader.readBalance({ address, block: to }),
    ])
    const ends = { from: balances[0], to: balances[1] }
    if (!isNative) {
      return { ...ends, sent: null, moves: await reader.readTokenMoves({ address, from, to }) }
    }
    const nonces = await Promise.all([
      reader.readNonce({ address, block: from }),
      reader.readNonce({ address, block: to }),
    ])
    return { ...ends, sent: nonces[1] - nonces[0], moves: null }
  } catch (error) {
    if (error instanceof CannotCheckError) return error
    throw error
  }
}

type Said = Omit<Check, 'subject'>

function differs(fault: Fault, text: string): Said {
  return { verdict: 'differs', fault, text }
}

/** A source must have held what was stolen, when it was. */
function checkSource(
  { from }: PacketAccount,
  { read, stolen, followAfter }: { read: Ends; stolen: bigint; followAfter: number },
): Said {
  if (from !== followAfter) {
    return differs('omitted', `is told from block ${from} on, not from the theft on`)
  }
  if (read.from >= stolen) return { verdict: 'agrees', text: `held ${stolen} after the theft` }
  return differs('wrong source', `held ${read.from} after the theft, not ${stolen}`)
}

function compareEnds(
  { balances, unexplained, from, to }: PacketAccount,
  { read, known, hashes }: { read: Ends; known: Explained; hashes: ReadonlySet<string> },
): Said {
  if (balances && (balances.from !== `${read.from}` || balances.to !== `${read.to}`)) {
    const said = `${balances.from} and ${balances.to}`
    return differs('wrong amount', `held ${read.from} and ${read.to} at the ends, not ${said}`)
  }
  const [left] = read.moves?.filter((hash) => !hashes.has(hash)) ?? []
  if (left !== undefined) return differs('omitted', `the transaction ${left} is left out`)
  if (read.sent !== null && read.sent !== known.sent) {
    return differs('omitted', `sent ${read.sent} transactions; ${known.sent} of them are here`)
  }
  const gap = read.to - read.from - known.moved
  if (gap !== BigInt(unexplained) && balances) {
    const way = gap > 0n ? 'came in' : 'went out'
    const amount = gap > 0n ? gap : -gap
    return differs('omitted', `${amount} more ${way} than the transfers here tell`)
  }
  if (gap === 0n) {
    return { verdict: 'agrees', text: `is told whole in blocks ${from + 1} to ${to}` }
  }
  const text = `its balance moved by ${gap} that no transfer tells: moves inside contracts, or payments left out`
  return { verdict: 'unchecked', text }
}
