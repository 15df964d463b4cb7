import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createStore } from '#src/store/createStore.ts'
import type { StoreHarness } from '#test/contract/store.ts'
import { testAlert, testHop } from '#test/support/testAlert.ts'
import type { ToldAlert } from '#types/alert.ts'
import type { CaseChange } from '#types/openCase.ts'
import type { AuditEntry, Standing, StandingChange } from '#types/standing.ts'
import type { CaseReplacement, Store } from '#types/store.ts'
import { topics } from '#types/topic.ts'
import type { Account, Hop, SeenTransaction } from '#types/trail.ts'
import { handleOf } from '#utils/handleOf.ts'

const asset = 'eip155:1/slip44:60'
const address = (index: number) => `0x${index.toString(16).padStart(40, '0')}`
const by = { account: 'slack:U1', name: '@everyone "Ann"', organization: 'acme', at: 5 }

/** One entry of each kind that can stand. */
const entries: Exclude<StandingChange, { value: null }>[] = [
  {
    kind: 'flag',
    key: 'f1',
    value: {
      ...{
        id: 'f1',
        address: address(1),
        kind: 'exchange',
        name: '<!channel>',
        note: 'x\u{1f600}',
      },
      ...{ confidence: 0.8, by, withdrawn: { by, note: 'no' } },
    },
  },
  {
    kind: 'silence',
    key: 's1',
    value: {
      id: 's1',
      caseId: 'id',
      topic: 'moved',
      address: null,
      path: 'p',
      until: 9,
      why: 'w',
      by,
    },
  },
  { kind: 'ack', key: 'a1', value: { alert: 'a1', caseId: 'id', by, lapsesAt: 9, lapsed: false } },
  {
    kind: 'subscription',
    key: 'slack:C1 *',
    value: {
      channel: 'slack:C1',
      caseId: '*',
      topics,
      min: { number: '1', symbol: 'ETH' },
      chain: null,
      by,
    },
  },
  {
    kind: 'channel',
    key: 'slack:C1',
    value: {
      channel: 'slack:C1',
      form: 'short',
      layout: 'flat',
      digest: 'off',
      timeZone: 'Asia/Seoul',
    },
  },
  {
    kind: 'member',
    key: 'slack:U1',
    value: { account: 'slack:U1', name: 'A', role: 'lead', organization: null },
  },
  { kind: 'case', key: 'id', value: { caseId: 'id', case: null, state: 'closed', by } },
  { kind: 'retrace', key: 'id', value: { caseId: 'id', causes: ['f1'], sinceBlock: 3 } },
  {
    kind: 'stepup',
    key: 'd',
    value: { id: 'i', act: 'a', subject: 's', digest: 'd', by, at: 5, until: 9 },
  },
  {
    kind: 'totp',
    key: 'slack:U1',
    value: { account: 'slack:U1', sealed: 's', pending: null, lastStep: 7, wrong: [1, 2] },
  },
  {
    kind: 'feed',
    key: 'ofac',
    value: {
      name: 'ofac',
      accepted: { fetchedAt: 1, rows: [{ address: address(1), name: 'n', kind: 'k' }] },
      proposed: null,
    },
  },
]

const told = (id: string, changes: Partial<ToldAlert> = {}): ToldAlert => {
  const head = { ...testAlert(), id, severity: 'red' as const }
  const group = {
    ...{ head, severity: 'red' as const, reasons: [], count: 1, told: 1, muted: 0 },
    ...{ amount: 1n, stolen: [1n], last: head },
  }
  return {
    ...{ id, revision: 1, state: 'posted', block: 1, tellings: [{ block: 1, group }] },
    ...{ channels: ['slack:C1'], silencedBy: [], ...changes },
  }
}

function blockOf(number: number, changes: Partial<CaseChange> = {}): CaseChange {
  const head = number < 0 ? null : { number, hash: `0x${number}`, time: number }
  const books = {
    asset,
    stolen: 1n,
    fees: [0n],
    dropped: [0n],
    swappedIn: [0n],
    swappedOut: [0n],
    totals: new Map(),
    dust: new Map(),
  }
  return {
    caseId: 'id',
    head,
    ledgers: number < 0 ? [{ ...books, accounts: new Map() }] : [],
    ...{
      hops: [],
      seen: [],
      groups: new Map(),
      told: [],
      forgotten: [],
      tellings: [],
      timeline: [],
    },
    undo: { ...(head ?? { number, hash: '', time: 0 }), ledgers: [], groups: new Map() },
    ...changes,
  }
}

const hopAt = (block: number, index: number): Hop =>
  testHop({
    caseId: 'id',
    block,
    time: block,
    transaction: `0x${block}-${index}`,
    from: address(index),
    to: address(index + 1),
  })

const seenAt = (number: number, index: number): SeenTransaction => ({
  transaction: { hash: `0x${number}-${index}`, transfers: [] },
  time: number,
  block: { number, hash: `0x${number}`, parentHash: `0x${number - 1}` },
  opened: [],
})

async function collect<Item>(pages: AsyncIterable<Item[]>): Promise<Item[][]> {
  const all: Item[][] = []
  for await (const page of pages) all.push(page)
  return all
}

/** What every database must keep of what people decide, and of what cases are looked up by. */
export function testDecisions(name: string, createHarness: () => Promise<StoreHarness>): void {
  describe(`decisions contract: ${name}`, () => {
    let harness: StoreHarness
    let store: Store

    beforeEach(async () => {
      harness = await createHarness()
      store = await createStore(harness.db, harness)
      await store.saveChanges([blockOf(-1)], { now: 1 })
    })
    afterEach(() => harness.close())

    const decide = (standing: readonly StandingChange[]) =>
      store.saveDecision({ standing }, { now: 1 })
    const entriesOf = (standing: Standing) =>
      Object.entries(standing).flatMap(([kind, map]) =>
        [...map].map(([key, value]) => ({ kind, key, value })),
      )

    test('default: what stands of every kind is put, replaced and taken away', async () => {
      expect(entriesOf(await store.readStanding())).toEqual([])
      await decide(entries)
      const sorted = entries.toSorted((a, b) => (a.kind < b.kind ? -1 : 1))
      const found = entriesOf(await store.readStanding()).toSorted((a, b) =>
        a.kind < b.kind ? -1 : 1,
      )
      expect(found).toEqual(sorted)
      const [, silence] = entries
      await decide([
        { ...silence, value: { ...(silence?.value as object), why: 'other' } } as StandingChange,
      ])
      expect((await store.readStanding()).silence.get('s1')?.why).toBe('other')
      await decide(entries.map(({ kind, key }) => ({ kind, key, value: null }) as StandingChange))
      expect(entriesOf(await store.readStanding())).toEqual([])
    })

    test('error: a decision is saved whole or not at all', async () => {
      // An alert of a case that was never saved.
      const foreign = [{ caseId: 'nobody', alert: told('a') }]
      const work = store.saveDecision(
        {
          standing: entries,
          told: foreign,
          timeline: [{ caseId: 'id', key: 'k', at: 1, kind: 'note', by, text: 't' }],
        },
        { now: 1 },
      )
      await expect(work).rejects.toThrow()
      expect(entriesOf(await store.readStanding())).toEqual([])
      expect(await store.readTimeline('id', { limit: 9 })).toEqual([])
    })

    test('behavior: a timeline has each line once, the newest first, in pages', async () => {
      const line = (at: number, text = `line ${at}`) =>
        ({ caseId: 'id', key: `k${at}`, at, kind: 'note', by, text }) as const
      await store.saveDecision({ timeline: [line(1), line(3), line(2)] }, { now: 1 })
      await store.saveDecision({ timeline: [line(3, 'again')] }, { now: 1 })
      expect(await store.readTimeline('id', { limit: 2 })).toEqual([line(3), line(2)])
      expect(await store.readTimeline('id', { limit: 2, before: 2 })).toEqual([line(1)])
      expect(await store.readTimeline('other', { limit: 2 })).toEqual([])
    })

    test('behavior: the audit log keeps every line, and none can be changed or taken out', async () => {
      const line = (at: number, outcome: AuditEntry['outcome']): AuditEntry => ({
        ...{ at, account: 'slack:U1', name: '@everyone', role: 'lead', organization: null },
        ...{ channel: 'slack:C1', text: "'; drop table audit; --", outcome, reference: `r${at}` },
      })
      const lines = [line(1, 'asked'), line(1, 'done'), line(2, 'asked'), line(2, 'refused')]
      for (const each of lines) await store.appendAudit(each)
      expect(await store.readAudit({ limit: 9 })).toEqual(lines.toReversed())
      expect(await store.readAudit({ limit: 1 })).toEqual(lines.slice(-1))
      await expect(sql`delete from audit`.execute(harness.db)).rejects.toThrow('append-only')
      await expect(sql`update audit set outcome = 'done'`.execute(harness.db)).rejects.toThrow(
        'append-only',
      )
      expect(await store.readAudit({ limit: 9 })).toHaveLength(4)
    })

    const auditLine = (at: number): AuditEntry => ({
      ...{ at, account: 'slack:U1', name: 'A', role: 'lead', organization: null, text: `${at}` },
      ...{ channel: 'slack:C1', outcome: 'asked', reference: `r${at}` },
    })

    test('behavior: lines of the audit log are chained, also those that are written at the same time', async () => {
      expect(await store.verifyAudit()).toMatchObject({ lines: 0, fault: null })
      const numbers = Array.from({ length: 20 }, (_, at) => at)
      await Promise.all(numbers.map((at) => store.appendAudit(auditLine(at))))
      const head = await store.readAuditHead()
      expect(await store.verifyAudit({ noted: head.hash.slice(0, 16) })).toEqual({
        ...{ lines: 20, fault: null, head, noted: head },
      })
      expect(head.seq).toBe(20)
    })

    test('behavior: what is changed, taken out or cut off in the audit log is found', async () => {
      for (const at of [1, 2, 3, 4, 5]) await store.appendAudit(auditLine(at))
      const isPostgres = harness.dialect === 'postgres'
      const triggers = isPostgres ? ['audit_frozen on audit'] : ['audit_kept', 'audit_unchanged']
      for (const name of triggers) await sql.raw(`drop trigger ${name}`).execute(harness.db)
      const faultAfter = async (statement: string) => {
        await sql.raw(statement).execute(harness.db)
        return (await store.verifyAudit()).fault
      }
      expect(await faultAfter('delete from audit where seq = 5')).toMatchObject({
        ...{ seq: 5, what: 'cut off' },
      })
      expect(await faultAfter("update audit set account = 'x' where seq = 4")).toMatchObject({
        ...{ seq: 4, what: 'changed' },
      })
      expect(await faultAfter('delete from audit where seq = 3')).toMatchObject({
        ...{ seq: 3, what: 'gap' },
      })
      expect(await faultAfter('update audit set at = at + 1 where seq = 2')).toMatchObject({
        ...{ seq: 2, what: 'changed' },
      })
    })

    test('behavior: an audit log of version 2 is hashed as it is, gaps of its numbers too, and goes on', async () => {
      for (const statement of [
        'alter table ledger drop column swapped_in',
        'alter table ledger drop column swapped_out',
        'alter table account drop column coins',
        'drop table audit_head',
        'alter table audit drop column hash',
        'update schema_version set version = 2',
      ]) {
        await sql.raw(statement).execute(harness.db)
      }
      for (let seq = 2; seq <= 2_400; seq += 2) {
        const entry = auditLine(seq)
        const { at, reference, account, outcome } = entry
        await sql`insert into audit (seq, at, reference, account, outcome, record) values (${seq}, ${at}, ${reference}, ${account}, ${outcome}, ${JSON.stringify(entry)})`.execute(
          harness.db,
        )
      }
      store = await createStore(harness.db, harness)
      expect(await store.verifyAudit()).toMatchObject({
        ...{ lines: 1_200, fault: null, head: { seq: 2_400 } },
      })
      await store.appendAudit(auditLine(1))
      expect(await store.verifyAudit()).toMatchObject({ lines: 1_201, fault: null })
      expect(await store.readAudit({ limit: 2 })).toEqual([auditLine(1), auditLine(2_400)])
      await expect(sql`delete from audit`.execute(harness.db)).rejects.toThrow('append-only')
      await expect(sql`update audit set hash = ''`.execute(harness.db)).rejects.toThrow(
        'append-only',
      )
    })

    test('behavior: of the audit log an organization has its own lines, without those of its admins', async () => {
      const line = (name: string, organization: string | null, role = 'lead'): AuditEntry => ({
        ...{ at: 1, account: 'slack:U1', name, role, organization, channel: 'slack:C1' },
        ...{ text: '"organization":"acme"', outcome: 'done', reference: name },
      })
      const lines = [line('a', 'acme'), line('b', 'beta'), line('c', null)]
      for (const each of [...lines, line('d', 'acme', 'admin'), line('e', 'acme')]) {
        await store.appendAudit(each)
      }
      const found = await store.readAudit({ limit: 9, organization: 'acme' })
      expect(found.map(({ name }) => name)).toEqual(['e', 'a'])
      expect(await store.readAudit({ limit: 1, organization: 'beta' })).toEqual([line('b', 'beta')])
    })

    test('behavior: hops are found by transaction, payer and payee, the newest first, and gone with their block', async () => {
      await store.saveChanges(
        [blockOf(1, { hops: [hopAt(1, 1), hopAt(1, 2)] }), blockOf(2, { hops: [hopAt(2, 1)] })],
        { now: 1 },
      )
      expect(await store.findHops('id', { transaction: '0x1-2' }, { limit: 9 })).toEqual([
        hopAt(1, 2),
      ])
      expect(await store.findHops('id', { payer: address(1) }, { limit: 9 })).toEqual([
        hopAt(2, 1),
        hopAt(1, 1),
      ])
      expect(await store.findHops('id', { payee: address(2) }, { limit: 1 })).toEqual([hopAt(2, 1)])
      expect(await store.findHops('other', { payee: address(2) }, { limit: 1 })).toEqual([])
      await store.saveChanges([{ ...blockOf(1), rewindTo: 1, undo: null }], { now: 1 })
      expect(await store.findHops('id', { payer: address(1) }, { limit: 9 })).toEqual([hopAt(1, 1)])
    })

    test('behavior: hops of a span and transactions of whole blocks come in pages and in order', async () => {
      const many = Array.from({ length: 700 }, (_, index) => index)
      for (const number of [1, 2, 3]) {
        const hops = many.map((index) => hopAt(number, index))
        const seen = many.map((index) => seenAt(number, index))
        await store.saveChanges([blockOf(number, { hops, seen })], { now: 1 })
      }
      const pages = await collect(store.scanHops('id', { since: 1, until: 3 }))
      expect(pages.map(({ length }) => length)).toEqual([1000, 400])
      expect(pages.flat()).toEqual(
        [1, 2].flatMap((number) => many.map((index) => hopAt(number, index))),
      )
      const blocks = await collect(store.scanSeen('id', 2))
      expect(blocks.map((page) => [...new Set(page.map(({ block }) => block.number))])).toEqual([
        [2],
        [3],
      ])
      expect(blocks.flat()).toEqual(
        [2, 3].flatMap((number) => many.map((index) => seenAt(number, index))),
      )
    })

    test('behavior: addresses are found by how they begin', async () => {
      const [ledger] = blockOf(-1).ledgers
      const account = (index: number): Account => ({
        ...{
          address: address(index),
          received: 1n,
          paid: 0n,
          fromCase: 1n,
          stop: null,
          reachedAt: 1,
        },
        holdings: [{ amount: 1n, lots: [], first: 0, hops: 1 }],
        ...{ activeAt: 1, firstPayee: null, firstPayer: null, path: address(index) },
        strangers: { day: 0, addresses: [] },
      })
      const accounts = new Map(
        [1, 2, 0xabc, 0xabd].map((index) => [address(index), account(index)]),
      )
      await store.saveChanges([blockOf(1, { ledgers: [{ ...ledger!, accounts }] })], { now: 1 })
      expect(await store.findAddresses('id', '0x', { limit: 9 })).toEqual(
        [1, 2, 0xabc, 0xabd].map(address),
      )
      expect(await store.findAddresses('id', address(0xabc).slice(0, -1), { limit: 9 })).toEqual(
        [0xabc, 0xabd].map(address),
      )
      expect(await store.findAddresses('id', '0x', { limit: 2 })).toEqual([1, 2].map(address))
      expect(await store.findAddresses('id', '0x%', { limit: 2 })).toEqual([])
    })

    test('behavior: alerts are found by their handle and case, settled ones too; red ones by when they were told', async () => {
      const telling = {
        alert: 'b',
        revision: 1,
        message: { title: 'b', sections: [] },
        topic: 'exchange' as const,
        channels: ['slack:C1'],
      }
      await store.saveChanges([blockOf(1, { told: [told('a'), told('b')], tellings: [telling] })], {
        now: 7,
      })
      await store.saveChanges([{ ...blockOf(1), forgotten: ['a'], undo: null }], { now: 8 })
      expect(await store.findAlerts({ handle: handleOf('a') }, { limit: 9 })).toEqual([told('a')])
      expect(await store.findAlerts({ handle: handleOf('a').slice(0, 4) }, { limit: 9 })).toEqual([
        told('a'),
      ])
      expect(await store.findAlerts({ caseId: 'id' }, { limit: 9 })).toEqual([told('b'), told('a')])
      expect(await store.readRedAlerts(7)).toEqual([{ alert: told('b'), toldAt: 7 }])
      expect(await store.readRedAlerts(8)).toEqual([])
      expect(await store.pendingChannels('slack')).toEqual(['slack:C1'])
      expect(await store.pendingChannels('sla')).toEqual([])
    })

    test('behavior: a case that was worked out again takes the place of what it was, and what was told stays', async () => {
      await store.saveChanges(
        [
          blockOf(1, {
            hops: [hopAt(1, 1)],
            seen: [seenAt(1, 1)],
            told: [told('a')],
            timeline: [{ caseId: 'id', key: 'k', at: 1, kind: 'alert', by: null, text: 't' }],
          }),
        ],
        { now: 1 },
      )
      const account: Account = {
        ...{ address: address(9), received: 5n, paid: 0n, fromCase: 5n, stop: null, reachedAt: 2 },
        holdings: [{ amount: 0n, lots: [{ start: 0n, end: 5n }], first: 0, hops: 1 }],
        ...{ activeAt: 2, firstPayee: null, firstPayer: address(1), path: address(9) },
        strangers: { day: 0, addresses: [] },
      }
      const totals = new Map([['on the trail', [{ amount: 5n, addresses: 1 }]]] as const)
      const replacement: CaseReplacement = {
        caseId: 'id',
        head: { number: 2, hash: '0x2', time: 2 },
        ledgers: [
          {
            ...{
              asset,
              stolen: 6n,
              fees: [1n],
              dropped: [0n],
              swappedIn: [0n],
              swappedOut: [0n],
              totals,
            },
            accounts: new Map([[address(9), account]]),
            dust: new Map([[address(8), 1n]]),
          },
        ],
        watched: [address(9)],
        groups: new Map(),
        hops: [hopAt(1, 7), hopAt(2, 8)],
        seen: [seenAt(1, 7), seenAt(2, 8)],
        undo: [{ number: 2, hash: '0x2', time: 2, ledgers: [], groups: new Map() }],
      }
      await store.replaceCase(replacement, { standing: entries.slice(0, 1) }, { now: 1 })
      const saved = await store.readCase('id')
      expect(saved).toMatchObject({
        head: replacement.head,
        undo: replacement.undo,
        told: [told('a')],
      })
      expect(saved?.ledgers).toEqual([
        { asset, stolen: 6n, fees: [1n], dropped: [0n], swappedIn: [0n], swappedOut: [0n], totals },
      ])
      expect(await store.readAccounts('id', [address(8), address(9)])).toEqual([
        { asset, accounts: [account], dust: [{ address: address(8), amount: 1n }] },
      ])
      expect(await store.readHops('id')).toEqual(replacement.hops)
      expect(await store.readSeen('id')).toEqual(replacement.seen)
      expect(await store.readTimeline('id', { limit: 9 })).toHaveLength(1)
      expect((await store.readStanding()).flag.size).toBe(1)
    })
  })
}
