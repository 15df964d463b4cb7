import { collectBooks } from '#src/case/collectBooks.ts'
import { openCases } from '#src/case/openCases.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { BooksKept } from '#types/passage.ts'
import type { TimelineEntry } from '#types/standing.ts'
import { formatAmount } from '#utils/formatAmount.ts'

/** Writes down in the timeline of each open case what has come to rest elsewhere since it was last looked at. */
export async function logBooks(context: Context): Promise<void> {
  for (const open of openCases(context)) {
    const kept = await keepBooks(context, open)
    const changed = kept.filter(({ key, value }) => !isSame(context.standing.books.get(key), value))
    if (changed.length === 0) continue
    await decide(context, () => ({
      standing: changed.map(({ key, value }) => ({ kind: 'books', key, value }) as const),
      timeline: changed.flatMap((each) => describeChange(context, open, each)),
      result: undefined,
    }))
  }
}

type Kept = { key: string; value: BooksKept; symbol: string; decimals: number }

/** What only some may know of, such as requests to hold something, is in the timeline by itself. */
async function keepBooks(context: Context, open: OpenCase): Promise<Kept[]> {
  const { id, chain } = open.case
  const books = await collectBooks(context, open, { freezes: [] })
  return books.map(({ asset, rows }) => {
    const parts = Object.fromEntries(rows.map(({ where, amount }) => [where, amount]))
    const block = open.head?.number ?? open.case.followAfter ?? 0
    const value = { caseId: id, asset: asset.id, chain, block, at: context.now(), parts }
    return { key: `${id} ${asset.id}`, value, symbol: asset.symbol, decimals: asset.decimals }
  })
}

function isSame(before: BooksKept | undefined, { parts }: BooksKept): boolean {
  if (!before) return false
  const names = new Set([...Object.keys(before.parts), ...Object.keys(parts)])
  return [...names].every((name) => before.parts[name] === parts[name])
}

/** Nothing where the books are kept for the first time: nothing has changed yet. */
function describeChange(
  { standing }: Context,
  open: OpenCase,
  { key, value, symbol, decimals }: Kept,
): TimelineEntry[] {
  const before = standing.books.get(key)
  if (!before) return []
  const asset = { id: value.asset, symbol, decimals }
  const names = [...new Set([...Object.keys(before.parts), ...Object.keys(value.parts)])]
  const changes = names.flatMap((name) => {
    const [then = 0n, now = 0n] = [before.parts[name], value.parts[name]]
    return then === now ? [] : `${name} ${formatAmount(then, asset)} to ${formatAmount(now, asset)}`
  })
  const text = `Books as of block ${value.block}, since block ${before.block}: ${changes.join('; ')}.`
  const entry = { at: value.at, kind: 'note' as const, by: null, text }
  return [{ caseId: open.case.id, key: `books:${value.asset}:${value.block}`, ...entry }]
}
