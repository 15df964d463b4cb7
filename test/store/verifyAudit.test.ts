import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { createStore } from '#src/store/createStore.ts'
import type { AuditCheck } from '#types/audit.ts'
import type { AuditEntry } from '#types/standing.ts'
import { hashOf } from '#utils/canonicalJson.ts'

const folder = mkdtempSync(join(tmpdir(), 'posse-audit-'))
afterAll(() => rmSync(folder, { recursive: true }))
let file = ''
let files = 0
beforeEach(() => {
  file = join(folder, `${++files}.db`)
})

const entry = (at: number): AuditEntry => ({
  ...{ at, account: `slack:U${at % 3}`, name: 'Ann', role: 'lead', organization: null },
  ...{ channel: 'slack:C1', text: `note ${at} \u{1f600}`, reference: `r${at}` },
  outcome: at % 2 ? 'asked' : 'done',
})

async function fill(lines: number): Promise<void> {
  const store = await createStore(await openSqlite(file))
  try {
    for (let at = 1; at <= lines; at += 1) await store.appendAudit(entry(at))
  } finally {
    await store.close()
  }
}

async function verify(noted?: string): Promise<AuditCheck> {
  const store = await createStore(await openSqlite(file))
  try {
    return await store.verifyAudit(noted === undefined ? {} : { noted })
  } finally {
    await store.close()
  }
}

/** As somebody would who has the file and knows SQL. */
function tamper(action: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(file)
  try {
    database.exec('drop trigger audit_kept; drop trigger audit_unchanged')
    action(database)
    database.exec(`create trigger audit_kept before delete on audit begin select 1; end;
      create trigger audit_unchanged before update on audit begin select 1; end`)
  } finally {
    database.close()
  }
}

const run = (statements: string) => () => tamper((database) => database.exec(statements))

type Row = { seq: number; record: string; hash: string }

/** Moves the lines from `from` on by one, the last first. */
const shift = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => to - at)
    .map((seq) => `update audit set seq = ${seq + 1} where seq = ${seq};`)
    .join('')

const swap = (a: number, b: number) =>
  `update audit set seq = 999 where seq = ${a}; update audit set seq = ${a} where seq = ${b};
   update audit set seq = ${b} where seq = 999`

/** Writes all lines from `from` on anew, as Posse would have; with `head` also the head. */
function rewrite(database: DatabaseSync, from: number, { head }: { head: boolean }): void {
  const rows = database.prepare('select * from audit order by seq').all() as unknown as Row[]
  let previous = rows.findLast(({ seq }) => seq < from)?.hash ?? '0'.repeat(64)
  for (const { seq, record } of rows.filter((row) => row.seq >= from)) {
    previous = hashOf({ previous, seq, record })
    database.prepare('update audit set hash = ? where seq = ?').run(previous, seq)
    if (head) database.prepare('update audit_head set seq = ?, hash = ?').run(seq, previous)
  }
}

const copyOf = (line: number, to: number, hash = 'hash') =>
  `insert into audit select ${to}, at, reference, account, outcome, record, ${hash} from audit where seq = ${line};`

const tamperings: Record<string, [() => void, object]> = {
  'seq of one in the middle': [run('update audit set seq = 77 where seq = 4'), reordered(4)],
  'seq of the first': [run('update audit set seq = -3 where seq = 1'), { seq: -3, what: 'added' }],
  'seq of the last': [run('update audit set seq = 12 where seq = 9'), reordered(9)],
  'seq, too large for a number': [
    run('update audit set seq = 9223372036854775807 where seq = 9'),
    reordered(9),
  ],
  at: [run('update audit set at = 77 where seq = 4'), changed(4)],
  'at, too large for a number': [
    run('update audit set at = 9223372036854775807 where seq = 4'),
    changed(4),
  ],
  reference: [run("update audit set reference = 'r5' where seq = 4"), changed(4)],
  account: [run("update audit set account = 'slack:U9' where seq = 1"), changed(1)],
  outcome: [run("update audit set outcome = 'refused' where seq = 9"), changed(9)],
  'outcome as bytes': [
    run('update audit set outcome = cast(outcome as blob) where seq = 9'),
    changed(9),
  ],
  record: [
    run(`update audit set record = replace(record, 'note 4', 'note 5') where seq = 4`),
    changed(4),
  ],
  'record, spaces alone': [
    run(`update audit set record = record || ' ' where seq = 4`),
    changed(4),
  ],
  'record as bytes': [
    run('update audit set record = cast(record as blob) where seq = 4'),
    changed(4),
  ],
  'record that is no JSON': [run(`update audit set record = 'x' where seq = 9`), changed(9)],
  hash: [run(`update audit set hash = upper(hash) where seq = 4`), changed(4)],
  'hash of the last': [run(`update audit set hash = '' where seq = 9`), changed(9)],
  'hash of the line before': [
    run('update audit set hash = (select hash from audit where seq = 3) where seq = 4'),
    { seq: 4, what: 'added' },
  ],
  'the first is deleted': [run('delete from audit where seq = 1'), { seq: 1, what: 'gap' }],
  'one in the middle is deleted': [run('delete from audit where seq = 5'), { seq: 5, what: 'gap' }],
  'many are deleted': [run('delete from audit where seq in (3, 4, 7)'), { seq: 3, what: 'gap' }],
  'the last is deleted': [run('delete from audit where seq = 9'), { seq: 9, what: 'cut off' }],
  'it is cut off': [run('delete from audit where seq > 3'), { seq: 4, what: 'cut off' }],
  'all are deleted': [run('delete from audit'), { seq: 1, what: 'cut off' }],
  'the head is deleted': [run('delete from audit_head'), { seq: 10, what: 'cut off' }],
  'all and the head are deleted': [
    run('delete from audit; delete from audit_head'),
    { seq: 1, what: 'cut off' },
  ],
  'one is deleted and the others move up': [
    run(
      `delete from audit where seq = 4; ${[5, 6, 7, 8, 9].map((seq) => `update audit set seq = ${seq - 1} where seq = ${seq};`).join('')}`,
    ),
    { seq: 4, what: 'changed' },
  ],
  'two neighbours are swapped': [run(swap(4, 5)), reordered(4)],
  'two far apart are swapped': [run(swap(2, 8)), reordered(2)],
  'the first and the last are swapped': [run(swap(1, 9)), reordered(1)],
  'three go round': [run(`${swap(3, 4)}; ${swap(4, 5)}`), reordered(3)],
  'records are swapped and hashes stay': [
    run(`create temp table kept as select * from audit;
      update audit set record = (select record from kept where seq = 13 - audit.seq),
        reference = (select reference from kept where seq = 13 - audit.seq),
        at = (select at from kept where seq = 13 - audit.seq),
        account = (select account from kept where seq = 13 - audit.seq),
        outcome = (select outcome from kept where seq = 13 - audit.seq)
      where seq in (6, 7)`),
    reordered(6),
  ],
  'one is inserted before the first': [run(copyOf(4, 0)), { seq: 0, what: 'added' }],
  'one is inserted in the middle': [
    run(`${shift(5, 9)} ${copyOf(2, 5, "'x'")}`),
    { seq: 5, what: 'added' },
  ],
  'a copy is inserted in the middle': [
    run(`${shift(5, 9)} ${copyOf(2, 5)}`),
    { seq: 5, what: 'added' },
  ],
  'one is inserted with its hash': [
    () =>
      tamper((database) => {
        database.exec(`${shift(5, 9)} ${copyOf(2, 5)}`)
        const rows = database.prepare('select * from audit').all() as unknown as Row[]
        const [fourth, fifth] = [rows[3], rows[4]] as [Row, Row]
        const hash = hashOf({ previous: fourth.hash, seq: 5, record: fifth.record })
        database.prepare('update audit set hash = ? where seq = 5').run(hash)
      }),
    { seq: 5, what: 'added' },
  ],
  'a copy is put at the end': [run(copyOf(4, 10)), { seq: 10, what: 'added' }],
  'the last is deleted and a copy put behind its place': [
    run(`delete from audit where seq = 9; ${copyOf(1, 10)}`),
    { seq: 9, what: 'gap' },
  ],
  'a forged one is put far behind the end': [run(copyOf(4, 14, "'x'")), { seq: 14, what: 'added' }],
  'one is put at the end with its hash': [
    () =>
      tamper((database) => {
        database.exec(copyOf(4, 10))
        rewrite(database, 10, { head: false })
      }),
    { seq: 10, what: 'added' },
  ],
  'a record is changed and its hash, and nothing after it': [
    () =>
      tamper((database) => {
        database.exec(`update audit set record = replace(record, 'note 4', 'note 5') where seq = 4`)
        const rows = database.prepare('select * from audit').all() as unknown as Row[]
        const [third, fourth] = [rows[2], rows[3]] as [Row, Row]
        const hash = hashOf({ previous: third.hash, seq: 4, record: fourth.record })
        database.prepare('update audit set hash = ? where seq = 4').run(hash)
      }),
    // Line 4 is as good as any other; the first that cannot be is the next one.
    { seq: 5, what: 'changed' },
  ],
  'the tail is written anew without the head': [
    () =>
      tamper((database) => {
        database.exec(`update audit set record = replace(record, 'note 4', 'note 5') where seq = 4`)
        rewrite(database, 4, { head: false })
      }),
    { seq: 9, what: 'changed' },
  ],
  'the head is put back': [
    run(`update audit_head set seq = 5, hash = (select hash from audit where seq = 5)`),
    { seq: 6, what: 'added' },
  ],
  'the head is put forward': [run('update audit_head set seq = 11'), { seq: 10, what: 'cut off' }],
}

function changed(seq: number) {
  return { seq, what: 'changed' }
}
function reordered(seq: number) {
  return { seq, what: 'reordered' }
}

describe('verifyAudit', () => {
  test('default: an untouched log, and an empty one', async () => {
    await fill(0)
    expect(await verify()).toMatchObject({ lines: 0, fault: null, head: { seq: 0 } })
    await fill(9)
    const check = await verify()
    expect(check).toMatchObject({ lines: 9, fault: null, head: { seq: 9 } })
    expect((await verify(check.head.hash.slice(0, 12))).noted).toEqual(check.head)
    expect((await verify('abc'.repeat(4))).noted).toBe(null)
  })

  test.each(Object.entries(tamperings))('behavior: found and named: %s', async (_, [
    act,
    fault,
  ]) => {
    await fill(9)
    act()
    const check = await verify()
    expect(check.fault).toMatchObject(fault)
    expect(await verify()).toEqual(check)
  })

  test('behavior: a tail that is replaced whole, and its head, is found by the noted head', async () => {
    await fill(5)
    const { head: early } = await verify()
    const store = await createStore(await openSqlite(file))
    for (const at of [6, 7, 8, 9]) await store.appendAudit(entry(at))
    await store.close()
    const { head } = await verify()
    expect((await verify(early.hash)).noted).toEqual(early)
    tamper((database) => {
      database.exec(`update audit set record = replace(record, 'note 7', 'note 5') where seq = 7`)
      rewrite(database, 7, { head: true })
    })
    expect(await verify(head.hash)).toMatchObject({ fault: null, lines: 9, noted: null })
    expect((await verify(early.hash)).noted).toEqual(early)
    tamper((database) => {
      database.exec('delete from audit where seq > 4')
      rewrite(database, 1, { head: true })
    })
    expect(await verify(early.hash)).toMatchObject({ fault: null, lines: 4, noted: null })
  })

  test('behavior: what is appended to a log that was cut off does not hide it', async () => {
    await fill(9)
    run('delete from audit where seq > 7')()
    await fill(2)
    expect((await verify()).fault).toMatchObject({ seq: 8, what: 'gap' })
  })

  test('error: nothing is appended behind a line that Posse did not write', async () => {
    await fill(9)
    run(copyOf(4, 10))()
    await expect(fill(1)).rejects.toMatchObject({ name: 'DamagedRecordError' })
    run('delete from audit where seq = 10; delete from audit_head')()
    await expect(fill(1)).rejects.toMatchObject({ name: 'DamagedRecordError' })
  })

  test('behavior: many pages, also where the last one is full', async () => {
    const store = await createStore(await openSqlite(':memory:'))
    for (let at = 1; at <= 2_000; at += 1) await store.appendAudit(entry(at))
    expect(await store.verifyAudit()).toMatchObject({ lines: 2_000, fault: null })
    await store.appendAudit(entry(2_001))
    expect(await store.verifyAudit()).toMatchObject({ lines: 2_001, fault: null })
    await store.close()
  })

  test('property: whatever rows are changed, taken out, moved or put in, it is found at the first of them', async () => {
    await fill(12)
    const whole = await verify()
    const original = readRows()
    const line = fc.integer({ min: 1, max: 12 })
    const step = fc.oneof(
      fc.record({ do: fc.constant('delete' as const), line }),
      fc.record({ do: fc.constant('swap' as const), line, other: line }),
      fc.record({
        do: fc.constant('change' as const),
        line,
        column: fc.constantFrom('at', 'reference', 'account', 'outcome', 'record', 'hash'),
        value: fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true })),
      }),
      fc.record({
        do: fc.constant('insert' as const),
        line,
        seq: fc.integer({ min: -2, max: 20 }),
      }),
    )
    const original12 = new Map(original.map((row) => [Number(row.seq), textOf(row)]))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
        restore(original)
        for (const each of steps) takeStep(each)
        const rows = readRows()
        const now = new Map(rows.map((row) => [Number(row.seq), textOf(row)]))
        const places = [...new Set([...now.keys(), ...original12.keys()])].sort((a, b) => a - b)
        const first = places.find((seq) => now.get(seq) !== original12.get(seq))
        const { fault, head } = await verify()
        if (first === undefined) expect({ fault, head }).toEqual({ fault: null, head: whole.head })
        else expect(fault?.seq).toBe(first)
      }),
      { numRuns: 300 },
    )
  }, 120_000)

  function textOf(row: Row): string {
    return Object.values(row).map(String).join('|')
  }

  function readRows(): Row[] {
    const database = new DatabaseSync(file)
    try {
      // A whole number that somebody put in may be larger than a number can be.
      const query = database.prepare('select * from audit order by seq')
      query.setReadBigInts(true)
      return query.all() as unknown as Row[]
    } finally {
      database.close()
    }
  }

  function restore(rows: Row[]): void {
    tamper((database) => {
      database.exec('delete from audit')
      for (const row of rows) {
        const values = Object.values(row)
        database.prepare(`insert into audit values (${values.map(() => '?')})`).run(...values)
      }
    })
  }

  type Step =
    | { do: 'delete'; line: number }
    | { do: 'swap'; line: number; other: number }
    | { do: 'change'; line: number; column: string; value: string | number }
    | { do: 'insert'; line: number; seq: number }

  function takeStep(step: Step): void {
    tamper((database) => {
      if (step.do === 'delete') database.exec(`delete from audit where seq = ${step.line}`)
      if (step.do === 'swap' && step.line !== step.other) database.exec(swap(step.line, step.other))
      if (step.do === 'change') {
        const change = database.prepare(`update audit set ${step.column} = ? where seq = ?`)
        change.run(step.value, step.line)
      }
      if (step.do === 'insert')
        database.exec(copyOf(step.line, step.seq).replace('insert', 'insert or ignore'))
    })
  }
})
