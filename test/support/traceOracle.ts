// A deliberately naive reference of the tracing rules: every lot is an object of its own in a plain
// array and every sum is added up anew. It shares no code with src, so that the two can disagree.

/** One row of a file, hashes and addresses in lower case. */
export type OracleRow = {
  blockNumber: number
  transactionIndex: number
  hash: string
  from: string
  /** '' creates a contract. */
  to: string
  value: bigint
  gasPrice: bigint
  gasUsed: bigint
  isError: boolean
  /** '' is not known. */
  contractAddress: string
}

/** Which part of a mixed balance a payment takes. */
export type OraclePolicy = 'fifo' | 'lifo' | 'haircut' | 'taint-first' | 'clean-first' | 'poison'

type OracleOptions = {
  seeds: { address: string; amount: bigint }[]
  policy: OraclePolicy
  services: ReadonlySet<string>
}

type OracleResult = {
  policy: OraclePolicy
  stolen: string
  fees: string
  dropped: '0'
  held: { address: string; amount: string; hops: number }[]
  transfers: { read: number; followed: number }
}

type Lot = { amount: bigint; stolen: boolean }

/** Traces the seeds through the rows of all files, one row after the other. */
export function traceOracle(files: OracleRow[][], options: OracleOptions): OracleResult {
  const { seeds, policy, services } = options
  const queues = new Map<string, Lot[]>()
  const hops = new Map<string, number>()
  // Only poison looks at this one: once in, an address never leaves it.
  const reached = new Set<string>()
  let stolen = 0n
  let fees = 0n
  let followed = 0

  function queueOf(address: string): Lot[] {
    const queue = queues.get(address) ?? []
    queues.set(address, queue)
    return queue
  }

  for (const { address, amount } of seeds) {
    queueOf(address).push({ amount, stolen: true })
    hops.set(address, 0)
    reached.add(address)
    stolen += amount
  }

  const rows = orderedRows(files)
  for (const row of rows) {
    const { from } = row
    const fromService = services.has(from)
    const to = payeeOf(row)

    if (!row.isError && to !== from) {
      // A service keeps all its lots, so what it pays is clean money from nowhere.
      const taken = fromService ? [] : take(queueOf(from), row.value, policy)
      const known = sum(taken)
      const carriesStolen =
        policy === 'poison'
          ? reached.has(from) && known > 0n
          : taken.some((lot) => lot.stolen && lot.amount > 0n)

      // The excess over the known balance is clean and arrives last.
      queueOf(to).push(...taken, { amount: row.value - known, stolen: false })

      if (carriesStolen) {
        followed += 1
        reached.add(to)
        hops.set(to, Math.min(hops.get(to) ?? Infinity, (hops.get(from) ?? Infinity) + 1))
      }
    }

    // Failed rows and payments to oneself pay their fee too, after the value.
    if (!fromService) {
      fees += stolenSum(take(queueOf(from), row.gasUsed * row.gasPrice, policy))
    }
  }

  const held: { address: string; amount: bigint; hops: number }[] = []
  for (const [address, queue] of queues) {
    // Poison makes no difference between lots: the whole known balance counts or none of it.
    const poisoned = reached.has(address) ? sum(queue) : 0n
    const amount = policy === 'poison' ? poisoned : stolenSum(queue)
    if (amount !== 0n) held.push({ address, amount, hops: hops.get(address) ?? Infinity })
  }
  held.sort((a, b) => {
    if (a.amount !== b.amount) return a.amount > b.amount ? -1 : 1
    return a.address < b.address ? -1 : 1
  })

  return {
    policy,
    stolen: String(stolen),
    fees: policy === 'poison' ? '0' : String(fees),
    dropped: '0',
    held: held.map((entry) => ({ ...entry, amount: String(entry.amount) })),
    transfers: { read: rows.length, followed },
  }
}

// Skips a row only if its hash is in an earlier file: within one file nothing is dropped.
function orderedRows(files: OracleRow[][]): OracleRow[] {
  const earlier = new Set<string>()
  const rows: OracleRow[] = []
  for (const file of files) {
    for (const row of file) if (!earlier.has(row.hash)) rows.push(row)
    for (const row of file) earlier.add(row.hash)
  }
  // Array sort is stable, so equal positions stay in file order.
  return rows.sort(
    (a, b) => a.blockNumber - b.blockNumber || a.transactionIndex - b.transactionIndex,
  )
}

function payeeOf(row: OracleRow): string {
  if (row.to !== '') return row.to
  return row.contractAddress !== '' ? row.contractAddress : `contract-creation:${row.hash}`
}

// Removes up to `wanted` from the queue and returns the pieces in the order they were taken.
function take(queue: Lot[], wanted: bigint, policy: OraclePolicy): Lot[] {
  const balance = sum(queue)
  const tainted = stolenSum(queue)
  const clean = balance - tainted
  const paid = min(wanted, balance)
  switch (policy) {
    case 'fifo':
    case 'poison': // which lots go does not matter here, only how much
      return takeLots(queue, paid, 'head', () => true)
    case 'lifo':
      return takeLots(queue, paid, 'tail', () => true)
    case 'haircut':
      return takeSplit(queue, paid, balance === 0n ? 0n : (tainted * paid) / balance)
    case 'taint-first':
      return takeSplit(queue, paid, min(tainted, paid))
    case 'clean-first':
      return takeSplit(queue, paid, paid > clean ? paid - clean : 0n)
  }
}

// These policies never look at the order of lots, so head first is as good as any.
function takeSplit(queue: Lot[], paid: bigint, stolenPart: bigint): Lot[] {
  return [
    ...takeLots(queue, stolenPart, 'head', (lot) => lot.stolen),
    ...takeLots(queue, paid - stolenPart, 'head', (lot) => !lot.stolen),
  ]
}

// Takes `wanted` out of the lots that fit, from one end of the queue on; used up lots leave it.
function takeLots(
  queue: Lot[],
  wanted: bigint,
  end: 'head' | 'tail',
  fits: (lot: Lot) => boolean,
): Lot[] {
  const pieces: Lot[] = []
  let missing = wanted
  for (const lot of end === 'head' ? [...queue] : queue.toReversed()) {
    if (missing === 0n) break
    if (!fits(lot)) continue
    const amount = min(lot.amount, missing)
    lot.amount -= amount
    missing -= amount
    pieces.push({ amount, stolen: lot.stolen })
    if (lot.amount === 0n) queue.splice(queue.indexOf(lot), 1)
  }
  if (missing !== 0n) throw new Error(`oracle: ${missing} more wanted than the lots hold`)
  return pieces
}

function sum(lots: Lot[]): bigint {
  return lots.reduce((total, lot) => total + lot.amount, 0n)
}

function stolenSum(lots: Lot[]): bigint {
  return sum(lots.filter((lot) => lot.stolen))
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
