import fc from 'fast-check'
import type { AlertGroup, ToldAlert } from '#types/alert.ts'
import { maxUndoBlocks } from '#types/chain.ts'
import type { CaseChange, Undo } from '#types/openCase.ts'
import type { Account, Hop, SavedLedgerChange, SeenTransaction, Totals } from '#types/trail.ts'
import { testAlert, testHop } from './testAlert.ts'

/** What strangers choose to be taken for something else, or to break what stores and shows it. */
export const hostileTexts = [
  ...[
    '',
    '123n',
    '{"$":"bigint","value":"1"}',
    '$',
    '__proto__',
    'constructor',
    "'; DROP TABLE hop",
  ],
  ...[
    '\0',
    'a\0b',
    '\ud800',
    '\udc00x',
    '\u202e',
    '\u2028',
    '\ufeff',
    '👩‍👩‍👧',
    '%_\\',
    'NULL',
    'Infinity',
  ],
]
export const hostileText = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: 'binary', maxLength: 12 }),
)

/** Assets of the case that changes are about. */
export const assets = [
  'eip155:1/slip44:60',
  'eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7',
]
/** Few addresses, so that changes meet. */
export const addresses = [
  ...['1', '2', '3', '4', '5', '6'].map((digit) => `0x${digit.repeat(40)}`),
  `contract-creation:0x${'7'.repeat(64)}`,
]

const amount = fc.oneof(fc.bigInt(0n, 40n), fc.bigInt(0n, 2n ** 300n))
const amounts = fc.array(amount, { minLength: 3, maxLength: 3 })
const time = fc.oneof(fc.nat(), fc.maxSafeNat())
const hops = fc.oneof(fc.nat(), fc.constant(Number.POSITIVE_INFINITY))
const stop = fc.constantFrom(null, null, 'busy' as const, 'mixer' as const)
const address = fc.constantFrom(...addresses)

const account: fc.Arbitrary<Omit<Account, 'address'>> = fc.record({
  received: amount,
  paid: amount,
  fromCase: amount,
  holdings: fc.array(
    fc.record({
      amount,
      lots: fc.array(fc.record({ start: amount, end: amount }), { maxLength: 3 }),
      first: fc.nat(3),
      hops,
    }),
    { maxLength: 3 },
  ),
  stop,
  reachedAt: time,
  activeAt: time,
  firstPayee: fc.option(address),
  firstPayer: fc.option(address),
  path: address,
  strangers: fc.record({ day: fc.nat(30_000), addresses: fc.array(address, { maxLength: 3 }) }),
})

const totals: fc.Arbitrary<Totals> = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom('on the trail' as const, 'parked' as const, 'mixer' as const),
      fc.array(fc.record({ amount, addresses: fc.nat() }), { maxLength: 3 }),
    ),
    { selector: ([place]) => place },
  )
  .map((entries) => new Map(entries))

const alert = hostileText.map((text) => ({ ...testAlert(), otherCases: [text] }))
const group: fc.Arbitrary<AlertGroup> = fc.record({
  head: alert,
  severity: fc.constantFrom('red', 'amber', 'info'),
  reasons: fc.array(hostileText, { maxLength: 2 }),
  muted: fc.nat(),
  count: fc.nat(),
  told: fc.nat(),
  amount,
  stolen: amounts,
  last: alert,
})
const groupKey = fc.constantFrom('case moved a', 'case moved b', "case reached ' c", 'case ключ 🙈')
const told: fc.Arbitrary<Omit<ToldAlert, 'id'>> = fc.record({
  revision: fc.integer({ min: 1, max: 4 }),
  state: fc.constantFrom('posted', 'grown', 'retracted', 'corrected', 'confirmed', 'finalized'),
  block: fc.nat(),
  tellings: fc.array(fc.record({ block: fc.nat(), group }), { maxLength: 2 }),
  channels: fc.array(hostileText, { maxLength: 2 }),
  silencedBy: fc.array(hostileText, { maxLength: 2 }),
})
const toldName = fc.constantFrom('one', 'two', 'three')
const message = fc.record({
  title: hostileText,
  sections: fc.array(fc.record({ type: fc.constant('text' as const), text: hostileText }), {
    maxLength: 2,
  }),
})

const hop: fc.Arbitrary<Partial<Hop>> = fc.record({
  position: fc.constantFrom('v', 'l0', 'l12'),
  amount,
  stolen: amounts,
  hops,
  stop,
  isFirstContact: fc.boolean(),
  idleSeconds: time,
})
const seen: fc.Arbitrary<SeenTransaction> = fc.record(
  {
    transaction: fc.record({
      hash: fc.constant(`0x${'8'.repeat(64)}`),
      transfers: fc.array(
        fc.record({
          position: fc.constant('v'),
          from: address,
          to: address,
          asset: fc.constantFrom(...assets),
          amount,
        }),
        { maxLength: 2 },
      ),
    }),
    time,
    block: fc.record({
      number: fc.nat(),
      hash: fc.constant(`0x${'9'.repeat(64)}`),
      parentHash: fc.constant(`0x${'a'.repeat(64)}`),
    }),
    opened: fc.array(
      fc.record({
        asset: fc.constantFrom(...assets),
        address,
        prior: amount,
        position: fc.constant('v'),
      }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: ['transaction', 'time', 'block'] },
)

const ledger = fc.record({
  asset: fc.constantFrom(...assets),
  fees: amounts,
  dropped: amounts,
  swappedIn: amounts,
  swappedOut: amounts,
  totals,
  accounts: fc.array(fc.tuple(address, account), { maxLength: 4 }),
  dust: fc.array(fc.tuple(address, fc.option(amount, { nil: undefined })), { maxLength: 2 }),
})
const block = fc.record({
  type: fc.constant('block' as const),
  gap: fc.integer({ min: 1, max: 3 }),
  time,
  ledgers: fc.uniqueArray(ledger, { selector: ({ asset }) => asset, maxLength: 2 }),
  hops: fc.array(hop, { maxLength: 3 }),
  seen: fc.array(seen, { maxLength: 3 }),
  groups: fc.array(fc.tuple(groupKey, fc.option(group, { nil: undefined })), { maxLength: 3 }),
  told: fc.array(fc.tuple(toldName, told), { maxLength: 2 }),
  forgotten: fc.array(toldName, { maxLength: 1 }),
  tellings: fc.array(fc.record({ name: toldName, revision: fc.nat(4), message }), { maxLength: 2 }),
})
const depth = fc.nat(8)

/** What may happen to a case. */
export type Step =
  | (typeof block extends fc.Arbitrary<infer Block> ? Block : never)
  | { type: 'reorg'; depth: number }
  | { type: 'finalize'; depth: number }

export const arbitrarySteps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: block },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('reorg' as const), depth }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('finalize' as const), depth }) },
  ),
  { maxLength: 12 },
)

type ModelLedger = Omit<SavedLedgerChange, 'asset' | 'accounts' | 'dust'> & {
  accounts: Map<string, Account>
  dust: Map<string, bigint>
}

/** A case in plain maps: turns steps into changes, and knows what a store must have afterwards. */
export function createCaseModel(caseId: string) {
  const ledgers = new Map<string, ModelLedger>(
    assets.map((asset) => [
      asset,
      {
        stolen: 10n ** 30n,
        fees: [],
        dropped: [],
        swappedIn: [],
        swappedOut: [],
        totals: new Map(),
        ...emptyBooks(),
      },
    ]),
  )
  const groups = new Map<string, AlertGroup>()
  const toldAlerts = new Map<string, ToldAlert>()
  let undo: Undo[] = []
  let allHops: { block: number; hop: Hop }[] = []
  let allSeen: { block: number; seen: SeenTransaction }[] = []
  /** Address and asset to the block that opened it. */
  let opened = new Map<string, { address: string; block: number }>()

  function ledgerOf(asset: string): ModelLedger {
    const found = ledgers.get(asset)
    if (!found) throw new RangeError(asset)
    return found
  }

  const head = () => {
    const last = undo.at(-1)
    return last && last.hash !== '' ? pick(last) : null
  }

  function empty(): CaseChange {
    return {
      caseId,
      head: head(),
      ...{
        ledgers: [],
        hops: [],
        seen: [],
        told: [],
        forgotten: [],
        tellings: [],
        timeline: [],
        undo: null,
      },
      groups: new Map(),
    }
  }

  function applyLedgers(changes: readonly SavedLedgerChange[], at: number | null): void {
    for (const { asset, accounts, dust, ...rest } of changes) {
      const books = ledgerOf(asset)
      Object.assign(books, rest)
      for (const [key, value] of accounts) {
        // Parked ones are watched too: a person may judge otherwise.
        const isOpen = (account?: Account) => account?.stop === null || account?.stop === 'busy'
        const wasOpen = isOpen(books.accounts.get(key))
        if (at !== null && isOpen(value) && !wasOpen) {
          const id = `${asset} ${key}`
          if (!opened.has(id)) opened.set(id, { address: key, block: at })
        }
        if (value) books.accounts.set(key, value)
        else books.accounts.delete(key)
      }
      for (const [key, value] of dust) {
        if (value === undefined) books.dust.delete(key)
        else books.dust.set(key, value)
      }
    }
  }

  function applyGroups(changes: CaseChange['groups']): void {
    for (const [key, value] of changes) {
      if (value) groups.set(key, value)
      else groups.delete(key)
    }
  }

  function before({ asset, accounts, dust }: SavedLedgerChange): SavedLedgerChange {
    const { accounts: allAccounts, dust: allDust, ...rest } = ledgerOf(asset)
    return {
      ...{ asset, ...rest },
      accounts: new Map([...accounts.keys()].map((key) => [key, allAccounts.get(key)])),
      dust: new Map([...dust.keys()].map((key) => [key, allDust.get(key)])),
    }
  }

  /** Kept as it was written first. */
  const opening = `the case ${caseId}`

  /** The first change of a case. */
  function open(): CaseChange {
    const changes = [...ledgers].map(([asset, books]) => ({ asset, ...books }))
    undo = [{ number: -1, hash: '', time: 0, ledgers: changes.map(before), groups: new Map() }]
    return { ...empty(), opening, ledgers: changes, undo: undo[0] ?? null }
  }

  function follow(step: Extract<Step, { type: 'block' }>): CaseChange {
    const number = (undo.at(-1)?.number ?? -1) + step.gap
    const ref = { number, hash: `0x${String(number).padStart(64, '0')}`, time: step.time }
    const changes = step.ledgers.map((change) => ({
      ...change,
      stolen: ledgerOf(change.asset).stolen,
      accounts: new Map(change.accounts.map(([key, value]) => [key, { address: key, ...value }])),
      dust: new Map(change.dust),
    }))
    const groupChanges = new Map(step.groups)
    const change: CaseChange = {
      ...empty(),
      head: ref,
      ledgers: changes,
      hops: step.hops.map((fields) => ({ ...testHop(fields), caseId, block: number })),
      seen: step.seen,
      groups: groupChanges,
      told: step.told.map(([name, fields]) => ({ id: `${caseId}:${name}`, ...fields })),
      forgotten: step.forgotten.map((name) => `${caseId}:${name}`),
      tellings: step.tellings.map(({ name, ...telling }) => ({
        alert: `${caseId}:${name}`,
        ...telling,
        topic: 'moved' as const,
        channels: ['slack', 'discord'],
      })),
      undo: {
        ...ref,
        ledgers: changes.map(before),
        groups: new Map([...groupChanges.keys()].map((key) => [key, groups.get(key)])),
      },
    }
    applyLedgers(changes, number)
    applyGroups(groupChanges)
    for (const item of change.told) toldAlerts.set(item.id, item)
    for (const id of change.forgotten) toldAlerts.delete(id)
    for (const item of change.hops) allHops.push({ block: number, hop: item })
    for (const item of change.seen) allSeen.push({ block: number, seen: item })
    if (change.undo) undo.push(change.undo)
    if (undo.length > maxUndoBlocks + 1) undo.shift()
    return change
  }

  function rewind(by: number): CaseChange {
    const kept = Math.max(undo.length - by, 1)
    const undone = undo.slice(kept).reverse()
    undo = undo.slice(0, kept)
    const rewindTo = undo.at(-1)?.number ?? -1
    const changes: SavedLedgerChange[] = []
    for (const asset of new Set(undone.flatMap((entry) => entry.ledgers.map((l) => l.asset)))) {
      const parts = undone.flatMap((entry) => entry.ledgers.filter((l) => l.asset === asset))
      const oldest = parts.at(-1)
      if (!oldest) continue
      changes.push({
        ...oldest,
        accounts: new Map(parts.flatMap((part) => [...part.accounts])),
        dust: new Map(parts.flatMap((part) => [...part.dust])),
      })
    }
    const change = {
      ...empty(),
      rewindTo,
      ledgers: changes,
      groups: new Map(undone.flatMap((entry) => [...entry.groups])),
    }
    applyLedgers(changes, null)
    applyGroups(change.groups)
    allHops = allHops.filter((item) => item.block <= rewindTo)
    allSeen = allSeen.filter((item) => item.block <= rewindTo)
    opened = new Map([...opened].filter(([, item]) => item.block <= rewindTo))
    return change
  }

  function settle(by: number): CaseChange {
    const settledTo = undo[Math.max(undo.length - 1 - by, 0)]?.number ?? -1
    undo = undo.filter(({ number }) => number >= settledTo)
    return { ...empty(), settledTo }
  }

  return {
    open,
    /** The change that the step is, after which the model stands where the store must stand. */
    take(step: Step): CaseChange {
      if (step.type === 'block') return follow(step)
      return step.type === 'reorg' ? rewind(step.depth) : settle(step.depth)
    },
    /** All that a store must give back, in lists so that their order counts. */
    expected: () => ({
      opening,
      head: head(),
      ledgers: [...ledgers].map(([asset, { accounts, dust, ...rest }]) => ({ asset, ...rest })),
      watched: [...new Set([...opened.values()].map((item) => item.address))].sort(),
      groups: [...groups],
      told: [...toldAlerts.values()],
      undo,
      hops: allHops.map((item) => item.hop),
      seen: allSeen.map((item) => item.seen),
      accounts: [...ledgers].map(([asset, { accounts, dust }]) => ({
        asset,
        accounts: sorted([...accounts.values()]),
        dust: sorted([...dust].map(([key, value]) => ({ address: key, amount: value }))),
      })),
    }),
  }
}

function emptyBooks(): Pick<ModelLedger, 'accounts' | 'dust'> {
  return { accounts: new Map(), dust: new Map() }
}

function pick({ number, hash, time }: Undo) {
  return { number, hash, time }
}

export function sorted<Item extends { address: string }>(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => (a.address < b.address ? -1 : 1))
}
