import type {
  Standing,
  StandingChange,
  StandingKind,
  StandingKinds,
  TimelineEntry,
} from '#types/standing.ts'
import { insertNewRows, upsertRows } from './bulk.ts'
import { decode, encode, type Shape } from './codec.ts'
import type { Tx } from './schema.ts'

/** What each kind must have to be believed. */
const shapes: Record<StandingKind, Shape> = {
  flag: { address: 'string', kind: 'string', by: 'object', confidence: 'number' },
  silence: { caseId: 'string', until: 'number', by: 'object' },
  ack: { alert: 'string', lapsesAt: 'number', by: 'object' },
  subscription: { channel: 'string', caseId: 'string', topics: 'object' },
  channel: { channel: 'string', form: 'string', layout: 'string' },
  member: { account: 'string', role: 'string' },
  access: { account: 'string', organization: 'string', at: 'number' },
  installation: { workspace: 'string', sealed: 'string' },
  case: { caseId: 'string', state: 'string' },
  retrace: { caseId: 'string', causes: 'object', sinceBlock: 'number' },
  feed: { name: 'string' },
  stepup: { id: 'string', act: 'string', digest: 'string', by: 'object', until: 'number' },
  totp: { account: 'string', lastStep: 'number', wrong: 'object' },
  mark: { subject: 'string', tlp: 'string', named: 'object' },
  organization: { id: 'string', kind: 'string', contacts: 'object', roster: 'object' },
  freeze: { id: 'string', caseId: 'string', stage: 'string', arrivals: 'object', holds: 'bigint' },
  deposit: { address: 'string', organization: 'string', block: 'number' },
  post: { caseId: 'string', post: 'string', account: 'string', since: 'number' },
  contract: { address: 'string', chain: 'string', block: 'number' },
  gap: { caseId: 'string', sinceBlock: 'number' },
  passage: { caseId: 'string', key: 'string', amount: 'bigint', stolen: 'object', to: 'object' },
  arrival: { caseId: 'string', in: 'string', key: 'string', amount: 'bigint', stolen: 'object' },
  books: { caseId: 'string', asset: 'string', block: 'number', parts: 'object' },
  candidate: { caseId: 'string', in: 'string', key: 'string', transaction: 'string' },
  tie: { caseId: 'string', key: 'string', transaction: 'string', by: 'object' },
  crossing: { caseId: 'string', transaction: 'string', crossing: 'object' },
  dispute: { id: 'string', caseId: 'string', subject: 'object', opinions: 'object' },
}

/** Nothing stands. */
function emptyStanding(): Standing {
  return {
    flag: new Map(),
    silence: new Map(),
    ack: new Map(),
    subscription: new Map(),
    channel: new Map(),
    member: new Map(),
    access: new Map(),
    installation: new Map(),
    case: new Map(),
    retrace: new Map(),
    feed: new Map(),
    stepup: new Map(),
    totp: new Map(),
    mark: new Map(),
    organization: new Map(),
    freeze: new Map(),
    deposit: new Map(),
    dispute: new Map(),
    post: new Map(),
    contract: new Map(),
    gap: new Map(),
    passage: new Map(),
    arrival: new Map(),
    books: new Map(),
    candidate: new Map(),
    tie: new Map(),
    crossing: new Map(),
  }
}

export async function saveStanding(tx: Tx, changes: readonly StandingChange[]): Promise<void> {
  for (const { kind, key, value } of changes) {
    if (value === null) {
      await tx.deleteFrom('standing').where('kind', '=', kind).where('entry', '=', key).execute()
    } else await upsertRows(tx, 'standing', [{ kind, entry: key, record: encode(value) }])
  }
}

export async function readStanding(tx: Tx): Promise<Standing> {
  const standing = emptyStanding()
  const rows = await tx
    .selectFrom('standing')
    .selectAll()
    .orderBy('kind')
    .orderBy('entry')
    .execute()
  for (const { kind, entry, record } of rows) {
    const entries = new Map<string, Map<string, unknown>>(Object.entries(standing)).get(kind)
    const what = `the ${kind} "${entry}"`
    entries?.set(
      entry,
      decode<StandingKinds[StandingKind]>(record, what, shapes[kind as StandingKind]),
    )
  }
  return standing
}

/** What stands under a key already stays as it was first written. */
export async function saveTimeline(tx: Tx, entries: readonly TimelineEntry[]): Promise<void> {
  const rows = entries.map((entry) => ({
    case_id: entry.caseId,
    entry: entry.key,
    at: entry.at,
    record: encode(entry),
  }))
  await insertNewRows(tx, 'timeline', [
    ...new Map(rows.map((row) => [`${row.case_id} ${row.entry}`, row])).values(),
  ])
}

/** The newest first. */
export async function readTimeline(
  tx: Tx,
  caseId: string,
  { limit, before = 0 }: { limit: number; before?: number },
): Promise<TimelineEntry[]> {
  const rows = await tx
    .selectFrom('timeline')
    .select('record')
    .where('case_id', '=', caseId)
    .orderBy('at', 'desc')
    .orderBy('entry', 'desc')
    .limit(limit)
    .offset(before)
    .execute()
  const shape = { key: 'string', at: 'number', text: 'string' } as const
  return rows.map(({ record }) =>
    decode<TimelineEntry>(record, `the timeline of the case "${caseId}"`, shape),
  )
}
