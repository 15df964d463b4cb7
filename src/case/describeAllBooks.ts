import type { Context } from '#src/context.ts'
import type { Freeze } from '#types/freeze.ts'
import type { Section } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import { formatExact } from '#utils/formatAmount.ts'
import { sharesOf } from '#utils/formatShare.ts'
import { formatDuration } from '#utils/formatTime.ts'
import { legsOf } from './closeCase.ts'
import { type Books, collectBooks } from './collectBooks.ts'

/** Blocks that a bar of 100 % is long. */
const barLength = 20

/**
 * Where everything stolen is, to 100 %: a table for each asset on each chain that the case has come to, and one in US
 * dollars at the time of the theft where prices are read.
 */
export async function describeAllBooks(
  context: Context,
  open: OpenCase,
  { freezes }: { freezes: readonly Freeze[] },
): Promise<Section[]> {
  const sections: Section[] = []
  const all: Books[] = []
  const legs = legsOf(context, open)
  for (const part of [open, ...legs]) {
    const books = await collectBooks(context, part, { freezes })
    if (part !== open) sections.push({ type: 'text', text: asOf(context, part) })
    sections.push(...books.map(tableOf))
    all.push(...books)
  }
  return [...sections, ...(await valueTable(context, open, all))]
}

function asOf({ chains }: Context, { case: { chain }, head }: OpenCase): string {
  const name = chains.get(chain)?.name ?? chain
  return head ? `On ${name}, as of block ${head.number}:` : `On ${name}, not followed yet:`
}

function tableOf({ asset, rows, whole, what }: Books): Section {
  const shares = sharesOf(rows.map(({ amount }) => amount))
  return {
    type: 'table',
    columns: [
      { name: 'where' },
      { name: asset.symbol, align: 'right' },
      { name: 'share', align: 'right' },
      { name: 'addresses', align: 'right' },
      { name: '' },
    ],
    rows: [
      ...rows.map(({ where, amount, addresses, idleSeconds }, index) => [
        idleSeconds === undefined ? where : `${where}, up to ${formatDuration(idleSeconds)}`,
        formatExact(amount, asset),
        `${(shares[index] ?? 0).toFixed(2)} %`,
        addresses > 0 ? String(addresses) : '',
        barOf(shares[index] ?? 0),
      ]),
      [what, formatExact(whole, asset), '100.00 %', '', ''],
    ],
  }
}

function barOf(share: number): string {
  return '█'.repeat(Math.round((share * barLength) / 100))
}

/** The same of all assets together; what is counted again in another asset or on another chain is left out. */
async function valueTable(
  context: Context,
  open: OpenCase,
  all: readonly Books[],
): Promise<Section[]> {
  if (!context.prices || all.length === 0) return []
  const at = open.case.stolenAt
  const prices = await context.prices({ assets: all.map(({ asset }) => asset), at })
  if (prices.size === 0) return [{ type: 'text', text: 'No prices: nobody told them.' }]
  const unpriced = all.filter(({ asset }) => !prices.has(asset.id)).map(({ asset }) => asset.symbol)
  const values = new Map<string, bigint>()
  for (const { asset, rows } of all) {
    const price = prices.get(asset.id)
    if (price === undefined) continue
    for (const { where, amount, isPassedOn } of rows) {
      if (isPassedOn) continue
      const cents = centsOf(amount, asset.decimals, price)
      values.set(where, (values.get(where) ?? 0n) + cents)
    }
  }
  const rows = [...values].sort(([, a], [, b]) => (a > b ? -1 : 1))
  const shares = sharesOf(rows.map(([, cents]) => cents))
  const sum = rows.reduce((total, [, cents]) => total + cents, 0n)
  return [
    {
      type: 'table',
      columns: [
        { name: 'all assets' },
        { name: 'USD at the theft', align: 'right' },
        { name: 'share', align: 'right' },
        { name: '' },
      ],
      rows: [
        ...rows.map(([where, cents], index) => [
          where,
          formatDollars(cents),
          `${(shares[index] ?? 0).toFixed(2)} %`,
          barOf(shares[index] ?? 0),
        ]),
        ['all', formatDollars(sum), '100.00 %', ''],
      ],
    },
    ...(unpriced.length > 0
      ? [{ type: 'text' as const, text: `Without a price: ${[...new Set(unpriced)].join(', ')}.` }]
      : []),
  ]
}

/** Prices have some nine digits that mean anything; amounts keep all of theirs. */
const priceScale = 1_000_000_000n

function centsOf(amount: bigint, decimals: number, price: number): bigint {
  const scaled = BigInt(Math.round(price * Number(priceScale)))
  return (amount * scaled * 100n) / (10n ** BigInt(decimals) * priceScale)
}

function formatDollars(cents: bigint): string {
  return (cents / 100n).toLocaleString('en-US')
}
