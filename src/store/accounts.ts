import type { Selectable } from 'kysely'
import { DamagedRecordError } from '#errors/store.ts'
import type { Address } from '#types/chain.ts'
import { serviceKinds } from '#types/label.ts'
import type { SavedAccounts } from '#types/store.ts'
import type { Account, HeldCoin, Holding, Lot, Stop } from '#types/trail.ts'
import { chunksOf, upsertRows } from './bulk.ts'
import { decodeAmount, decodeInt, parse } from './codec.ts'
import type { Database, Schema, Tx } from './schema.ts'

/** Addresses looked up by one statement. */
const maxAddresses = 500

/** Accounts in memory at once while a ledger is scanned. */
const pageSize = 1000

/** Puts these accounts in the place of those saved; `undefined` deletes one. */
export async function saveAccounts(
  tx: Tx,
  ledgerId: number,
  accounts: ReadonlyMap<Address, Account | undefined>,
): Promise<void> {
  const gone: Address[] = []
  const rows = []
  for (const [address, account] of accounts) {
    if (account) rows.push({ ledger_id: ledgerId, ...rowOf(account), address })
    else gone.push(address)
  }
  await upsertRows(tx, 'account', rows)
  for (const addresses of chunksOf(gone, maxAddresses)) {
    await tx
      .deleteFrom('account')
      .where('ledger_id', '=', ledgerId)
      .where('address', 'in', addresses)
      .execute()
  }
}

/** Puts these amounts in the place of those saved; `undefined` deletes one. */
export async function saveDust(
  tx: Tx,
  ledgerId: number,
  dust: ReadonlyMap<Address, bigint | undefined>,
): Promise<void> {
  const gone: Address[] = []
  const rows = []
  for (const [address, amount] of dust) {
    if (amount === undefined) gone.push(address)
    else rows.push({ ledger_id: ledgerId, address, amount: String(amount) })
  }
  await upsertRows(tx, 'dust', rows)
  for (const addresses of chunksOf(gone, maxAddresses)) {
    await tx
      .deleteFrom('dust')
      .where('ledger_id', '=', ledgerId)
      .where('address', 'in', addresses)
      .execute()
  }
}

/** What a ledger has about these addresses. */
export async function readLedgerAccounts(
  tx: Tx,
  ledgerId: number,
  addresses: readonly Address[],
): Promise<Omit<SavedAccounts, 'asset'>> {
  const accounts: Account[] = []
  const dust: SavedAccounts['dust'] = []
  for (const chunk of chunksOf([...new Set(addresses)], maxAddresses)) {
    const accountRows = await tx
      .selectFrom('account')
      .selectAll()
      .where('ledger_id', '=', ledgerId)
      .where('address', 'in', chunk)
      .execute()
    for (const row of accountRows) accounts.push(accountOf(row))
    const dustRows = await tx
      .selectFrom('dust')
      .selectAll()
      .where('ledger_id', '=', ledgerId)
      .where('address', 'in', chunk)
      .execute()
    for (const { address, amount } of dustRows) {
      dust.push({ address, amount: decodeAmount(amount, `the dust of "${address}"`) })
    }
  }
  return { accounts, dust }
}

/** Every account of a ledger, by address. Each page is a transaction of its own. */
export async function* scanLedgerAccounts(
  db: Database,
  ledgerId: number,
): AsyncGenerator<Account[]> {
  let after = ''
  while (true) {
    const rows = await db
      .selectFrom('account')
      .selectAll()
      .where('ledger_id', '=', ledgerId)
      .where('address', '>', after)
      .orderBy('address')
      .limit(pageSize)
      .execute()
    const last = rows.at(-1)
    if (!last) return
    yield rows.map(accountOf)
    after = last.address
  }
}

/** Addresses of a ledger that begin like this, in order. */
export async function findAccountAddresses(
  tx: Tx,
  ledgerId: number,
  { prefix, limit }: { prefix: string; limit: number },
): Promise<Address[]> {
  const rows = await tx
    .selectFrom('account')
    .select('address')
    .where('ledger_id', '=', ledgerId)
    .where('address', '>=', prefix)
    // Behind every hex digit and letter.
    .where('address', '<', `${prefix}~`)
    .orderBy('address')
    .limit(limit)
    .execute()
  return rows.map(({ address }) => address)
}

function rowOf(account: Account) {
  const { address, received, paid, fromCase, holdings, stop, firstPayee, strangers } = account
  return {
    address,
    received: String(received),
    paid: String(paid),
    from_case: String(fromCase),
    holdings: JSON.stringify(holdings.map(packHolding)),
    coins: account.coins?.length ? JSON.stringify(account.coins.map(packCoin)) : '',
    stop,
    reached_at: account.reachedAt,
    active_at: account.activeAt,
    first_payee: firstPayee,
    strangers: JSON.stringify([strangers.day, ...strangers.addresses]),
    first_payer: account.firstPayer,
    path: account.path,
  }
}

function accountOf(row: Selectable<Schema['account']>): Account {
  const what = `the account "${row.address}"`
  const holdings = parse(row.holdings, what)
  const strangers = parse(row.strangers, what)
  if (!Array.isArray(holdings)) throw new DamagedRecordError({ what, reason: 'it has no holdings' })
  if (!Array.isArray(strangers) || typeof strangers[0] !== 'number') {
    throw new DamagedRecordError({ what, reason: 'it has no strangers' })
  }
  const [day, ...addresses] = strangers
  return {
    address: row.address,
    received: decodeAmount(row.received, what),
    paid: decodeAmount(row.paid, what),
    fromCase: decodeAmount(row.from_case, what),
    holdings: holdings.map((holding) => unpackHolding(holding, what)),
    ...(row.coins !== '' && { coins: unpackCoins(row.coins, what) }),
    stop: stopOf(row.stop, what),
    reachedAt: decodeInt(row.reached_at, what),
    activeAt: decodeInt(row.active_at, what),
    firstPayee: row.first_payee,
    firstPayer: row.first_payer,
    // A database of version 1 does not know it.
    path: row.path === '' ? row.address : row.path,
    strangers: { day, addresses },
  }
}

/** Amount, first, hops (`null` is `Infinity`), then start and end of every lot: an account is most of what is saved. */
function packHolding({ amount, first, hops, lots }: Holding): (string | number | null)[] {
  return [
    String(amount),
    first,
    Number.isFinite(hops) ? hops : null,
    ...lots.flatMap(({ start, end }) => [String(start), String(end)]),
  ]
}

function unpackHolding(packed: unknown, what: string): Holding {
  const [amount, first, hops, ...ends]: unknown[] = Array.isArray(packed) ? packed : []
  if (typeof first !== 'number' || (hops !== null && typeof hops !== 'number')) {
    throw new DamagedRecordError({ what, reason: 'a holding in it is not whole' })
  }
  const lots: Lot[] = []
  for (let at = 0; at < ends.length; at += 2) {
    lots.push({ start: decodeAmount(ends[at], what), end: decodeAmount(ends[at + 1], what) })
  }
  return {
    amount: decodeAmount(amount, what),
    lots,
    first,
    hops: hops ?? Number.POSITIVE_INFINITY,
  }
}

function packCoin({ id, amount, holdings }: HeldCoin): unknown[] {
  return [id, String(amount), ...holdings.map(packHolding)]
}

function unpackCoins(text: string, what: string): HeldCoin[] {
  const coins = parse(text, what)
  if (!Array.isArray(coins)) throw new DamagedRecordError({ what, reason: 'its coins are no list' })
  return coins.map((coin): HeldCoin => {
    const [id, amount, ...holdings]: unknown[] = Array.isArray(coin) ? coin : []
    if (typeof id !== 'string') {
      throw new DamagedRecordError({ what, reason: 'a coin in it has no id' })
    }
    return {
      id,
      amount: decodeAmount(amount, what),
      holdings: holdings.map((holding) => unpackHolding(holding, what)),
    }
  })
}

const stops: ReadonlySet<string> = new Set<Stop>([...serviceKinds, 'busy'])

function stopOf(stop: string | null, what: string): Stop | null {
  if (stop === null || stops.has(stop)) return stop as Stop | null
  throw new DamagedRecordError({ what, reason: `"${stop}" is nothing that ends a trail` })
}
