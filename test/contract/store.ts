import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createStore } from '#src/store/createStore.ts'
import type { Database, Dialect } from '#src/store/schema.ts'
import {
  arbitrarySteps,
  addresses as caseAddresses,
  assets as caseAssets,
  createCaseModel,
  hostileTexts,
  type Step,
  sorted,
} from '#test/support/arbitraryChange.ts'
import { dumpTables } from '#test/support/dumpTables.ts'
import { testAlert } from '#test/support/testAlert.ts'
import type { CaseChange, Undo } from '#types/openCase.ts'
import type { Store } from '#types/store.ts'
import type { Account } from '#types/trail.ts'

/** An empty database. */
export type StoreHarness = {
  db: Database
  dialect: Dialect
  /** Closes the database and opens it again, where it can be. */
  reopen?(): Promise<Database>
  close(): Promise<void>
}

const asset = caseAssets[0]!
const addressAt = (index: number) => `0x${index.toString(16).padStart(40, '0')}`

function accountAt(address: string, changes: Partial<Account> = {}): Account {
  return {
    address,
    received: 10n,
    paid: 0n,
    fromCase: 10n,
    holdings: [{ amount: 10n, lots: [{ start: 0n, end: 10n }], first: 0, hops: 1 }],
    stop: null,
    reachedAt: 1,
    activeAt: 1,
    firstPayee: null,
    firstPayer: null,
    path: address,
    strangers: { day: 0, addresses: [] },
    ...changes,
  }
}

/** A block of the case `id`, or with `number` -1 its opening. */
function blockOf(
  number: number,
  {
    accounts = [],
    before = [],
    ...changes
  }: Partial<CaseChange> & {
    accounts?: Account[]
    before?: (Account | undefined)[]
  } = {},
): CaseChange {
  const head = number === -1 ? null : { number, hash: `0x${number}`, time: number }
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
  const after = new Map(accounts.map((account) => [account.address, account]))
  const prior = new Map(accounts.map((account, index) => [account.address, before[index]]))
  const undo: Undo = {
    ...(head ?? { number, hash: '', time: 0 }),
    ledgers: [{ ...books, accounts: prior }],
    groups: new Map(),
  }
  return {
    caseId: 'id',
    head,
    ledgers: accounts.length > 0 || number === -1 ? [{ ...books, accounts: after }] : [],
    ...{
      hops: [],
      seen: [],
      groups: new Map(),
      told: [],
      forgotten: [],
      tellings: [],
      timeline: [],
      undo,
    },
    ...changes,
  }
}

const telling = (alert: string, revision: number, title = `${alert} ${revision}`) => ({
  alert,
  revision,
  message: { title, sections: [] },
  topic: 'moved' as const,
  channels: ['slack'],
})

/** What every database must keep. */
export function testStore(
  name: string,
  createHarness: () => Promise<StoreHarness>,
  { runs }: { runs: number },
): void {
  describe(`store contract: ${name}`, () => {
    let harness: StoreHarness
    let store: Store

    beforeEach(async () => {
      harness = await createHarness()
      store = await createStore(harness.db, harness)
    })
    afterEach(() => harness.close())

    async function reopen(): Promise<void> {
      if (harness.reopen) harness.db = await harness.reopen()
      store = await createStore(harness.db, harness)
    }

    const save = (changes: CaseChange[], channels = ['slack']) =>
      store.saveChanges(
        changes.map((change) => ({
          ...change,
          tellings: change.tellings.map((each) => ({ ...each, channels })),
        })),
        { now: 100 },
      )

    const due = async (now: number, channel = 'slack', limit = 100) =>
      (await store.readPending({ channel, now, limit })).map(
        ({ alert, revision }) => `${alert} ${revision}`,
      )

    test('default: knows nothing', async () => {
      expect(await store.readCase('id')).toBe(undefined)
      expect(await store.readAccounts('id', caseAddresses)).toEqual([])
      expect(await collect(store.scanAccounts('id', asset))).toEqual([])
      expect([await store.readHops('id'), await store.readSeen('id')]).toEqual([[], []])
      expect(await store.readPending({ channel: 'slack', now: 1, limit: 1 })).toEqual([])
      expect(await store.nextAttemptAt('slack')).toBe(null)
      expect(await store.countDeliveries()).toEqual({ pending: 0, sent: 0, failed: 0 })
    })

    test('behavior: gives back what was saved, after blocks, reorganizations and a restart', async () => {
      let cases = 0
      await fc.assert(
        fc.asyncProperty(arbitrarySteps, async (steps) => {
          const caseId = `case-${++cases}`
          const model = createCaseModel(caseId)
          await save([model.open()])
          for (const step of steps) await save([model.take(step)])
          await reopen()
          expect(await readAll(store, caseId)).toEqual(model.expected())
        }),
        { numRuns: runs },
      )
    }, 60_000)

    test('behavior: changes saved together are the same as one by one', async () => {
      const steps = fc.sample(arbitrarySteps, { seed: 7, numRuns: 5 }).flat()
      const [model, twin] = [createCaseModel('id'), createCaseModel('twin')]
      await save([model.open(), ...steps.map((step) => model.take(step))])
      await save([twin.open()])
      for (const step of steps) await save([twin.take(step)])
      expect(await readAll(store, 'id')).toEqual(model.expected())
      expect(await readAll(store, 'twin')).toEqual(twin.expected())
    })

    test('behavior: a block that is undone leaves nothing but what people were told', async () => {
      const model = createCaseModel('id')
      await save([model.open()])
      const steps = fc.sample(arbitrarySteps, { seed: 11, numRuns: 9 }).flat()
      const blocks = steps.filter((step) => step.type === 'block')
      for (const step of blocks) await save([model.take(step)])
      const before = await dumpTables(harness.db)
      const quiet: Step[] = blocks.slice(0, 4).map((step) => ({
        ...step,
        ...{ groups: [], told: [], forgotten: [], tellings: [] },
      }))
      for (const step of quiet) await save([model.take(step)])
      expect(await dumpTables(harness.db)).not.toEqual(before)
      await save([model.take({ type: 'reorg', depth: quiet.length })])
      expect(await dumpTables(harness.db)).toEqual(before)
    })

    test('behavior: repeating a change changes nothing', async () => {
      const model = createCaseModel('id')
      await save([model.open()])
      const blocks = fc.sample(arbitrarySteps, { seed: 5, numRuns: 6 }).flat()
      for (const step of blocks.filter(({ type }) => type === 'block')) {
        const change = model.take(step)
        await save([change])
        await save([change])
      }
      expect(await readAll(store, 'id')).toEqual(model.expected())
    })

    test('error: a change that cannot be saved takes all others with it', async () => {
      await save([blockOf(-1), blockOf(1, { accounts: [accountAt(addressAt(1))] })])
      const before = await dumpTables(harness.db)
      const bad = telling('bad', 1)
      const changes = [
        blockOf(2, { accounts: [accountAt(addressAt(2))], tellings: [telling('a', 1)] }),
        { ...blockOf(-1), caseId: 'other', tellings: [bad] },
      ]
      const title = (() => 'text') as unknown as string
      await expect(
        save([
          ...changes,
          blockOf(3, { tellings: [{ ...bad, message: { title, sections: [] } }] }),
        ]),
      ).rejects.toThrow('cannot be written down')
      expect(await dumpTables(harness.db)).toEqual(before)
      await save(changes)
      expect((await store.readCase('id'))?.head?.number).toBe(2)
    })

    test('behavior: many accounts are saved at once and scanned in pages', async () => {
      const accounts = Array.from({ length: 2600 }, (_, index) =>
        accountAt(addressAt(index), { received: BigInt(index) }),
      )
      await save([blockOf(-1), blockOf(1, { accounts })])
      const pages = await collect(store.scanAccounts('id', asset))
      expect(pages.flat()).toEqual(accounts)
      expect(pages.length).toBeGreaterThan(1)
      const [saved] = await store.readAccounts(
        'id',
        accounts.map(({ address }) => address),
      )
      expect(sorted(saved?.accounts ?? [])).toEqual(accounts)
    })

    test('behavior: an account that a block opens is watched unless the trail ends there', async () => {
      const [watched, mixer, twice] = [
        addressAt(1),
        addressAt(2),
        `contract-creation:0x${'3'.repeat(64)}`,
      ]
      await save([
        blockOf(-1, { accounts: [accountAt(addressAt(0))] }),
        blockOf(1, { accounts: [accountAt(watched), accountAt(mixer, { stop: 'mixer' })] }),
        blockOf(2, {
          accounts: [accountAt(twice), accountAt(watched)],
          before: [undefined, accountAt(watched)],
        }),
      ])
      expect(await watchedOf(store)).toEqual([addressAt(0), watched, twice])
    })

    test('behavior: rows of watched addresses are merged, and lost with the block that brought them', async () => {
      // Two after 6 * 64 rows: what was merged too early would be lost.
      const blocks = 386
      await save([blockOf(-1, { accounts: [accountAt('first:one')] })])
      for (let number = 1; number <= blocks; number++) {
        const accounts = [accountAt(addressAt(number)), accountAt(`other:${number}`)]
        await save([blockOf(number, { accounts, settledTo: number - 10 })])
      }
      const all = Array.from({ length: blocks }, (_, at) => [
        addressAt(at + 1),
        `other:${at + 1}`,
      ]).flat()
      expect(await watchedOf(store)).toEqual(['first:one', ...all].sort())
      expect((await store.readCase('id'))?.watched.packed.length).toBeLessThan(100)
      await save([blockOf(380, { rewindTo: 380, undo: null, ledgers: [] })])
      const left = ['first:one', ...all.slice(0, 760)].sort()
      expect(await watchedOf(store)).toEqual(left)
      await reopen()
      expect(await watchedOf(store)).toEqual(left)
    }, 60_000)

    test('behavior: keeps how 128 blocks are undone, and the one before them', async () => {
      await save([blockOf(-1)])
      await save(Array.from({ length: 150 }, (_, at) => blockOf(at * 2)))
      const numbers = async () => (await store.readCase('id'))?.undo.map(({ number }) => number)
      expect(await numbers()).toEqual(Array.from({ length: 129 }, (_, at) => 42 + at * 2))
      await save([blockOf(298, { settledTo: 290, undo: null })])
      expect(await numbers()).toEqual([290, 292, 294, 296, 298])
    })

    test('behavior: told alerts that are forgotten stay as history', async () => {
      const tellings = [{ block: 1, group: groupOf() }]
      const told = (id: string, revision = 1) =>
        ({
          ...{ id, revision, state: 'posted' as const, block: 1, tellings },
          ...{ channels: ['slack'], silencedBy: [] },
        }) as const
      await save([blockOf(-1), blockOf(1, { told: [told('a'), told('b'), told('c')] })])
      await save([blockOf(1, { forgotten: ['a', 'c'], undo: null })])
      expect((await store.readCase('id'))?.told).toEqual([told('b')])
      expect((await dumpTables(harness.db)).told_alert).toHaveLength(3)
      await save([blockOf(2, { told: [told('a', 2), told('b', 2)] })])
      expect((await store.readCase('id'))?.told).toEqual([told('b', 2), told('a', 2)])
    })

    describe('deliveries', () => {
      beforeEach(() => save([blockOf(-1)]))

      const tell = (tellings: CaseChange['tellings'], channels = ['slack']) =>
        save([blockOf(0, { tellings })], channels)
      const key = (alert: string, revision: number, channel = 'slack') => ({
        alert,
        revision,
        channel,
      })

      test('default: every telling is due in every channel, in order, until it is sent', async () => {
        await tell([telling('b', 1), telling('a', 1)], ['slack', 'discord'])
        await tell([telling('a', 2), telling('c', 1)], ['slack', 'discord'])
        expect(await due(0)).toEqual(['b 1', 'a 1', 'c 1'])
        expect(await due(0, 'slack', 2)).toEqual(['b 1', 'a 1'])
        await store.markSent(key('a', 1), { ref: 'ref-a', now: 5 })
        expect(await due(0)).toEqual(['b 1', 'a 2', 'c 1'])
        expect(await due(0, 'discord')).toEqual(['b 1', 'a 1', 'c 1'])
        const next = await store.readPending({ channel: 'slack', now: 0, limit: 9 })
        expect(next[1]).toEqual({
          ...key('a', 2),
          ...{ topic: 'moved', decidedAt: 100, parent: null, thread: null },
          message: { title: 'a 2', sections: [] },
          ref: 'ref-a',
          attempts: 0,
        })
        expect(await store.countDeliveries()).toEqual({ pending: 7, sent: 1, failed: 0 })
      })

      test('behavior: the newest of each: new ones first, pages of hops last; it stands for those before it', async () => {
        await tell([telling('a', 1)])
        await store.markSent(key('a', 1), { ref: 'ref-a', now: 5 })
        await tell([telling('a:ledger:1', 1), telling('a', 2), telling('a', 3), telling('b', 1)])
        await tell([telling('b', 2)])
        const newest = async () =>
          (await store.readPending({ channel: 'slack', now: 0, limit: 9, isNewest: true })).map(
            ({ alert, revision, attempts }) => `${alert} ${revision} ${attempts}`,
          )
        expect(await newest()).toEqual(['b 2 0', 'a 3 0', 'a:ledger:1 1 0'])
        // An attempt at an earlier revision counts, also where nobody lived to say what came of it.
        const [first] = await store.readPending({
          channel: 'slack',
          now: 0,
          limit: 1,
          isNewest: true,
        })
        if (first) await store.markTried(first)
        await tell([telling('b', 3)])
        expect(await newest()).toEqual(['b 3 1', 'a 3 0', 'a:ledger:1 1 0'])
        await store.markSent(key('b', 3), { ref: 'ref-b', now: 6 })
        await store.markSent(key('a', 3), { ref: 'ref-a', now: 7 })
        expect(await due(0)).toEqual(['a:ledger:1 1'])
        expect(await store.countDeliveries()).toMatchObject({ pending: 1, sent: 6 })
      })

      test('behavior: the same telling again is neither sent again nor altered', async () => {
        await tell([telling('a', 1)])
        await store.markSent(key('a', 1), { ref: 'ref', now: 5 })
        await tell([telling('a', 1, 'altered'), telling('b', 1), telling('b', 1)])
        expect(await due(0)).toEqual(['b 1'])
        expect((await dumpTables(harness.db)).telling).toHaveLength(2)
      })

      test('behavior: a failed attempt waits for its time and holds back later revisions', async () => {
        await tell([telling('a', 1), telling('a', 2), telling('b', 1)])
        await store.markFailed(key('a', 1), {
          error: 'no\0 answer \ud800',
          retryAt: 50,
          attempts: 1,
          now: 40,
        })
        expect([await due(49), await due(50)]).toEqual([['b 1'], ['a 1', 'b 1']])
        expect(await store.nextAttemptAt('slack')).toBe(50)
        expect(await store.nextAttemptAt('discord')).toBe(null)
        await store.markFailed(key('a', 1), { error: 'no', retryAt: 70, attempts: 2, now: 60 })
        expect(
          (await store.readPending({ channel: 'slack', now: 70, limit: 1 }))[0]?.attempts,
        ).toBe(2)
        await store.markSent(key('a', 1), { ref: 'ref', now: 71 })
        expect([await due(71), await store.nextAttemptAt('slack')]).toEqual([['a 2', 'b 1'], null])
      })

      test('behavior: what is given up holds nothing back', async () => {
        await tell([telling('a', 1), telling('a', 2)])
        await store.markFailed(key('a', 1), { error: 'gone', retryAt: null, attempts: 1, now: 40 })
        expect(await due(0)).toEqual(['a 2'])
        expect(await store.countDeliveries()).toEqual({ pending: 1, sent: 0, failed: 1 })
        expect(await store.nextAttemptAt('slack')).toBe(null)
      })

      test('behavior: what is sent stays sent, and the newest ref counts', async () => {
        await tell([telling('a', 1), telling('a', 2)])
        await store.markSent(key('a', 1), { ref: 'one', now: 5 })
        await store.markSent(key('a', 1), { ref: 'two', now: 6 })
        await store.markFailed(key('a', 1), { error: 'late', retryAt: 9, attempts: 1, now: 8 })
        expect(await due(10)).toEqual(['a 2'])
        const [next] = await store.readPending({ channel: 'slack', now: 10, limit: 1 })
        expect(next?.ref).toBe('two')
      })

      test('behavior: what was not to be posted after all is done with, and stands nowhere', async () => {
        await tell([telling('a', 1), telling('a', 2), telling('c:1', 1), telling('c:1', 3)])
        await store.markSent(key('a', 2), { ref: null, now: 5 })
        expect(await due(10)).toEqual(['c:1 1'])
        expect(await store.isPosted('a')).toBe(false)
        expect(await store.findPosted('c')).toEqual([
          { alert: 'c:1', channel: 'slack', revision: 3 },
        ])
        expect(await store.findPosted('a')).toEqual([])
      })

      test('error: a delivery that was never decided', async () => {
        await expect(store.markSent(key('x', 1), { ref: 'r', now: 1 })).rejects.toThrow(
          'no delivery',
        )
        expect((await dumpTables(harness.db)).posted).toEqual([])
      })

      test('behavior: what strangers wrote comes back as it was', async () => {
        const messages = hostileTexts.map((text) => ({
          title: text,
          sections: [{ type: 'text' as const, text }],
        }))
        await tell(messages.map((message, at) => ({ ...telling(`a${at}`, 1), message })))
        const pending = await store.readPending({ channel: 'slack', now: 0, limit: 99 })
        expect(pending.map(({ message }) => message)).toEqual(messages)
        for (const [at, text] of hostileTexts.entries()) {
          await store.markSent(key(`a${at}`, 1), { ref: text, now: 1 })
          await tell([telling(`a${at}`, 2)])
        }
        const edits = await store.readPending({ channel: 'slack', now: 0, limit: 99 })
        expect(edits.map(({ ref }) => ref)).toEqual(hostileTexts)
      })
    })
  })
}

function groupOf() {
  const head = testAlert()
  return {
    head,
    severity: 'red' as const,
    reasons: [],
    muted: 0,
    count: 1,
    told: 1,
    amount: 1n,
    stolen: [1n],
    last: head,
  }
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

async function watchedOf(store: Store, caseId = 'id'): Promise<string[]> {
  const saved = await store.readCase(caseId)
  const packed = saved?.watched.packed.flatMap((piece) => {
    const hex = Buffer.from(piece).toString('hex')
    return Array.from(
      { length: hex.length / 40 },
      (_, at) => `0x${hex.slice(at * 40, at * 40 + 40)}`,
    )
  })
  return [...new Set([...(packed ?? []), ...(saved?.watched.others ?? [])])].sort()
}

/** All that a store has of a case, in the form of `expected` of its model. */
async function readAll(store: Store, caseId: string) {
  const { groups, ...saved } = (await store.readCase(caseId))!
  const books = await store.readAccounts(caseId, caseAddresses)
  for (const { asset: id, accounts } of books) {
    const scanned = (await collect(store.scanAccounts(caseId, id))).flat()
    expect(sorted(scanned)).toEqual(sorted(accounts))
  }
  return {
    ...saved,
    watched: await watchedOf(store, caseId),
    groups: [...groups],
    hops: await store.readHops(caseId),
    seen: await store.readSeen(caseId),
    accounts: books.map(({ accounts, dust, ...rest }) => ({
      ...rest,
      accounts: sorted(accounts),
      dust: sorted(dust),
    })),
  }
}
