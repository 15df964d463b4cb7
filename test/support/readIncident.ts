import { readFile } from 'node:fs/promises'
import type { TracedTransaction } from '#trace/traceTransactions.ts'
import { parseAddress } from '#utils/parseAddress.ts'
import { readCsv } from '#utils/readCsv.ts'

/** A labelled incident as a ledger sees it: amounts are cents of US dollars at the time. */
export type Incident = {
  transactions: TracedTransaction[]
  /** Each with all that it pays in the file. */
  sources: { address: string; amount: bigint }[]
  terminals: string[]
}

export const usd = 'usd'

const required = ['Timestamp', 'From', 'To', 'Tx_hash', 'Value_in_USD'] as const

/**
 * Reads an incident, its flows by time and then as they stand in the file. An address that pays more than the file says
 * it got held the difference before, since the labels are no books that balance: it counts as clean.
 */
export async function readIncident(name: 'HB' | 'TxPhish'): Promise<Incident> {
  const folder = new URL(`../data/labelled-incidents/${name}/`, import.meta.url)
  const rows: { time: number; from: string; to: string; hash: string; amount: bigint }[] = []
  await readCsv(new URL(`${name}.csv.gz`, folder), { required }, (values) => {
    const [time = '', from = '', to = '', hash = '', value = ''] = values
    rows.push({
      time: Date.parse(`${time.replace(' ', 'T')}Z`) / 1000,
      from: parseAddress(from),
      to: parseAddress(to),
      hash,
      amount: centsOf(value),
    })
  })
  const ordered = rows.toSorted((a, b) => a.time - b.time)
  const sources = new Map<string, bigint>()
  for (const address of await readAddresses('source')) sources.set(address, 0n)
  const lacking = new Map<string, bigint>()
  const balances = new Map<string, bigint>()
  for (const { from, to, amount } of ordered) {
    if (from === to) continue
    const paid = sources.get(from)
    if (paid !== undefined) sources.set(from, paid + amount)
    const left = (balances.get(from) ?? 0n) - amount
    if (left < 0n) lacking.set(from, (lacking.get(from) ?? 0n) - left)
    balances.set(from, left < 0n ? 0n : left)
    balances.set(to, (balances.get(to) ?? 0n) + amount)
  }
  const transactions = ordered.map(({ time, from, to, hash, amount }) => ({
    time,
    transaction: { hash, transfers: [{ position: 'v', from, to, asset: usd, amount }] },
    opened: [{ asset: usd, address: to, prior: lacking.get(to) ?? 0n, position: 'v' }],
  }))
  return {
    transactions,
    sources: [...sources].map(([address, amount]) => ({ address, amount })),
    terminals: await readAddresses('terminal'),
  }

  async function readAddresses(kind: 'source' | 'terminal'): Promise<string[]> {
    const text = await readFile(new URL(`${kind}_addresses.csv`, folder), 'utf8')
    return [...new Set(text.trim().split(/\s+/).map(parseAddress))]
  }
}

/** Dollars written with any number of decimals; what is below a cent is left off. */
function centsOf(text: string): bigint {
  const [whole = '', decimals = ''] = text.split('.')
  return BigInt(whole) * 100n + BigInt(`${decimals}00`.slice(0, 2))
}
