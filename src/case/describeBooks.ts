import type { Asset } from '#types/chain.ts'
import type { Section } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Ledger } from '#types/trail.ts'
import { formatExact } from '#utils/formatAmount.ts'
import { sharesOf } from '#utils/formatShare.ts'
import { sumUp } from './sumUp.ts'

/** What a kind of service did to what it got. */
const called: Partial<Record<string, string>> = { victim: 'returned', burn: 'burned' }

/** Where everything stolen is, a table for each asset, to 100 %. */
export function describeBooks(open: OpenCase): Section[] {
  return open.case.assets.flatMap((asset) => tableOf(open, asset))
}

function tableOf({ trail }: OpenCase, asset: Asset): Section[] {
  const ledger = trail.ledgers.get(asset.id)
  if (!ledger) return []
  const parts = sumUp(ledger)
  const [came = 0n] = ledger.swappedIn
  const shares = sharesOf(parts.map(({ amount }) => amount))
  const rows = parts.map(({ name, amount, addresses }, index) => [
    called[name] ?? name,
    formatExact(amount, asset),
    `${(shares[index] ?? 0).toFixed(2)} %`,
    addresses > 0 ? String(addresses) : '',
  ])
  return [
    {
      type: 'table',
      columns: [
        { name: 'where' },
        { name: asset.symbol, align: 'right' },
        { name: 'share', align: 'right' },
        { name: 'addresses', align: 'right' },
      ],
      rows: [...rows, [whatOf(ledger), formatExact(ledger.stolen + came, asset), '100.00 %', '']],
    },
  ]
}

/** What a ledger is the books of. */
function whatOf({ stolen, swappedIn: [came = 0n] }: Ledger): string {
  if (came === 0n) return 'stolen'
  return stolen === 0n ? 'from swaps' : 'stolen, and from swaps'
}
