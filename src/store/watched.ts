import { sql } from 'kysely'
import type { Address } from '#types/chain.ts'
import type { CaseChange } from '#types/openCase.ts'
import type { SavedCase } from '#types/store.ts'
import type { Account } from '#types/trail.ts'
import { upsertRows } from './bulk.ts'
import { decode, encode } from './codec.ts'
import type { Tx } from './schema.ts'

/** Rows that are merged into one when there are as many of one level. */
const mergedRows = 64

/** Levels that are merged; rows of the highest hold up to 4096 blocks. */
const mergedLevels = [0, 1]

/** A merged row takes in no more, in bytes: one statement writes it whole. */
const maxMergedBytes = 2 ** 20

const packable = /^0x[0-9a-f]{40}$/i

/** Addresses whose payments are followed from this change on, and coins that lie at them. */
export function newlyWatched({ ledgers, undo, rewindTo }: CaseChange): Address[] {
  // Undoing a block opens nothing.
  if (rewindTo !== undefined) return []
  const before = new Map(undo?.ledgers.map(({ asset, accounts }) => [asset, accounts]))
  const opened = new Set<Address>()
  for (const { asset, accounts } of ledgers) {
    for (const [address, account] of accounts) {
      const known = before.get(asset)?.get(address)
      if (isFollowed(account) && !isFollowed(known)) opened.add(address)
      for (const coin of account?.coins ?? []) {
        if (!known?.coins?.some(({ id }) => id === coin.id)) opened.add(coin.id)
      }
    }
  }
  return [...opened]
}

/** On the trail and no service; parked ones too, since a person may judge otherwise. */
function isFollowed(account: Account | undefined): boolean {
  return account?.stop === null || account?.stop === 'busy'
}

/** Adds addresses that a block brought, and merges old rows when they have become many. */
export async function saveWatched(
  tx: Tx,
  { caseId, block, addresses }: { caseId: string; block: number; addresses: readonly Address[] },
): Promise<void> {
  if (addresses.length === 0) return
  const before = await readRows(tx, caseId, [block])
  const hex = addresses.filter((address) => packable.test(address)).map((text) => text.slice(2))
  const others = addresses.filter((address) => !packable.test(address))
  const packed = Buffer.from(hex.join(''), 'hex')
  await saveRow(tx, { caseId, block, level: 0 }, [...before, { packed, others }])
  for (const level of mergedLevels) await mergeLevel(tx, caseId, level)
}

/** Only rows of blocks that cannot be undone any more are merged. */
async function mergeLevel(tx: Tx, caseId: string, level: number): Promise<void> {
  const oldest = await tx
    .selectFrom('undo')
    .select(({ fn }) => fn.min('block').as('block'))
    .where('case_id', '=', caseId)
    .executeTakeFirst()
  if (oldest?.block == null) return
  const rows = await tx
    .selectFrom('watched')
    .select(['block', sql<number | string | bigint>`length(packed)`.as('size')])
    .where('case_id', '=', caseId)
    .where('level', '=', level)
    .where('block', '<', Number(oldest.block))
    .orderBy('block')
    .limit(mergedRows)
    .execute()
  if (rows.length < mergedRows) return
  let blocks: number[] = []
  let bytes = 0
  for (const { block, size } of rows) {
    if (blocks.length > 0 && bytes + Number(size) > maxMergedBytes) {
      await mergeRows(tx, caseId, { blocks, level })
      blocks = []
      bytes = 0
    }
    blocks.push(Number(block))
    bytes += Number(size)
  }
  await mergeRows(tx, caseId, { blocks, level })
}

/** Makes one row of these, under the number of the last. */
async function mergeRows(
  tx: Tx,
  caseId: string,
  { blocks, level }: { blocks: readonly number[]; level: number },
): Promise<void> {
  const pieces = await readRows(tx, caseId, blocks)
  await tx
    .deleteFrom('watched')
    .where('case_id', '=', caseId)
    .where('block', 'in', blocks)
    .execute()
  await saveRow(tx, { caseId, block: blocks.at(-1) ?? 0, level: level + 1 }, pieces)
}

type Piece = { packed: Uint8Array; others: Address[] }

async function readRows(tx: Tx, caseId: string, blocks: readonly number[]): Promise<Piece[]> {
  const rows = await tx
    .selectFrom('watched')
    .select(['packed', 'others'])
    .where('case_id', '=', caseId)
    .where('block', 'in', blocks)
    .orderBy('block')
    .execute()
  return rows.map(({ packed, others }) => ({ packed, others: othersOf(others, caseId) }))
}

async function saveRow(
  tx: Tx,
  { caseId, block, level }: { caseId: string; block: number; level: number },
  pieces: readonly Piece[],
): Promise<void> {
  // A plain copy: not every driver takes a Buffer, and small ones share their memory.
  const packed = new Uint8Array(Buffer.concat(pieces.map((piece) => piece.packed)))
  const others = encode(pieces.flatMap((piece) => piece.others))
  await upsertRows(tx, 'watched', [{ case_id: caseId, block, level, packed, others }])
}

export async function readWatched(tx: Tx, caseId: string): Promise<SavedCase['watched']> {
  const rows = await tx
    .selectFrom('watched')
    .select(['packed', 'others'])
    .where('case_id', '=', caseId)
    .orderBy('block')
    .execute()
  return {
    packed: rows.map((row) => row.packed).filter(({ length }) => length > 0),
    others: rows.flatMap((row) => othersOf(row.others, caseId)),
  }
}

function othersOf(text: string, caseId: string): Address[] {
  return decode(text, `the watched addresses of the case "${caseId}"`, { flatMap: 'function' })
}
