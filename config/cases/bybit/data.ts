import { readFileSync } from 'node:fs'
import { z } from 'zod'

const address = z.string().regex(/^0x[0-9a-f]{40}$/)
const amount = z.string().regex(/^\d+$/).transform(BigInt)

const firstHop = z.strictObject({
  /** 1: out of the first wallet; 2: out of the second; 3: out of the third. */
  hop: z.int().min(1).max(3),
  /** Copied by hand and never compared with the chain. One transaction can hold several rows. */
  hash: z.string().regex(/^0x[0-9a-f]{64}$/),
  /** Unix seconds. */
  time: z.int(),
  block: z.int(),
  from: address,
  to: address,
  /** Base units. Of a counterfeit what its contract claims, taken to have 18 decimals. */
  amount,
  /** As shown by an explorer: look-alike letters in a counterfeit. */
  symbol: z.string(),
  /** `null` for ETH. */
  contract: address.nullable(),
  /** The contract is none of the case's assets, whatever the symbol says. */
  counterfeit: z.boolean(),
})

/** A payment of the Bybit thief, or one that a counterfeit token only pretends. */
export type FirstHop = z.infer<typeof firstHop>

const data = z
  .strictObject({
    firstHopsBy: z.string(),
    firstHopsUnverified: z.string(),
    firstHops: z.array(firstHop),
    fbiAddressesBy: z.string(),
    fbiAddresses: z.array(address),
    ledgerBy: z.string(),
    ledger: z.array(z.strictObject({ address, movedOn: z.iso.date(), amount })),
  })
  .parse(JSON.parse(readFileSync(new URL('./data.json', import.meta.url), 'utf8')))

/** The first payments of the thief, 9 of 80 counterfeit: material for displays and for tests of address poisoning. */
export const bybitFirstHops: FirstHop[] = data.firstHops

/** The addresses that the FBI published. */
export const bybitFbiAddresses: string[] = data.fbiAddresses

/** What 49 wallets had moved on by 2025-03-03, in base units of ETH, as Taylor Monahan published it. */
export const bybitLedger: { address: string; movedOn: string; amount: bigint }[] = data.ledger
