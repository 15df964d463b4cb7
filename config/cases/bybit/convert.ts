import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Papa from 'papaparse'
import { z } from 'zod'
import { bybitAssets } from './assets.ts'

const decimals = 18

const address = z.string().regex(/^0x[0-9a-f]{40}$/, 'Not a lower-case Ethereum address')

/** Base units as text, worked out without floating point: `1.5` is `1500000000000000000`. */
const amount = z
  .string()
  .regex(/^\d+(\.\d{1,18})?$/, 'Not an amount with at most 18 decimals')
  .transform((text) => {
    const [whole = '', fraction = ''] = text.split('.')
    return `${BigInt(whole + fraction.padEnd(decimals, '0'))}`
  })

const rawHops = z.array(
  z.strictObject({
    hop: z.coerce.number().int().min(1).max(3),
    hash: z.string().regex(/^0x[0-9a-f]{64}$/, 'Not a transaction hash'),
    timestamp: z.iso.datetime(),
    block: z.coerce.number().int().positive(),
    from: address,
    to: address,
    amount,
    symbol: z.string().min(1),
    contract: z.union([address, z.literal('')]),
    impersonating_token: z.enum(['0', '1']),
  }),
)

const rawLedger = z.array(z.strictObject({ address, moved_on: z.iso.date(), eth_moved: amount }))

function parseCsv(text: string): unknown {
  const { data, errors } = Papa.parse(text, { header: true, skipEmptyLines: true, delimiter: ',' })
  if (errors[0]) throw new Error(`${errors[0].message} (${errors[0].row})`)
  return data
}

function readHops(text: string) {
  return rawHops.parse(parseCsv(text)).map((row) => {
    const { hop, hash, block, from, to, amount, symbol } = row
    const contract = row.contract || null
    const id = contract ? `eip155:1/erc20:${contract}` : 'eip155:1/slip44:60'
    // The contract decides. That the list says the same is checked, so that a slip in either is found.
    const counterfeit = !bybitAssets.some((asset) => asset.id === id)
    if (counterfeit !== (row.impersonating_token === '1')) {
      throw new Error(`The list and the contract of "${hash}" disagree on whether it is genuine.`)
    }
    const time = Date.parse(row.timestamp) / 1000
    return { hop, hash, time, block, from, to, amount, symbol, contract, counterfeit }
  })
}

const readLedger = (text: string) =>
  rawLedger.parse(parseCsv(text)).map((row) => ({
    address: row.address,
    movedOn: row.moved_on,
    amount: row.eth_moved,
  }))

const readAddresses = (text: string) =>
  z.array(address).min(1).parse(text.split(/\r?\n/).filter(Boolean))

function reasonOf(cause: unknown): string {
  const issue = cause instanceof z.ZodError ? cause.issues[0] : undefined
  if (issue) return `${issue.message} (${issue.path.join('.')})`
  return cause instanceof Error ? cause.message : `${cause}`
}

function readRaw<T>({ from, raw, read }: { from: string; raw: string; read: (text: string) => T }) {
  const path = join(from, raw)
  if (!existsSync(path)) throw new Error(`There is no raw file "${raw}" in "${from}".`)
  try {
    return read(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new Error(`The raw file "${raw}" cannot be read: ${reasonOf(cause)}`, { cause })
  }
}

/** One line a row: a change of the data can be read as one. */
const writeRows = (rows: unknown[]) =>
  `[\n${rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n')}\n  ]`

/** Turns the raw files of one folder into `data.json` in another. Writes nothing unless all of them can be read. */
export function convert({ from, to }: { from: string; to: string }): void {
  const hops = readRaw({ from, raw: 'bybit_hops_1_3.csv', read: readHops })
  const fbi = readRaw({ from, raw: 'fbi_psa_250226_51_addresses.txt', read: readAddresses })
  const ledger = readRaw({ from, raw: 'published_wallet_laundering_ledger.csv', read: readLedger })
  const unverified = 'The hashes were never compared with the chain.'
  writeFileSync(
    join(to, 'data.json'),
    `{
  "firstHopsBy": "Paulo Vaz, BIC-2026-001",
  "firstHopsUnverified": ${JSON.stringify(unverified)},
  "firstHops": ${writeRows(hops)},
  "fbiAddressesBy": "FBI, PSA I-022625-PSA",
  "fbiAddresses": ${writeRows(fbi)},
  "ledgerBy": "Taylor Monahan",
  "ledger": ${writeRows(ledger)}
}
`,
  )
}

if (import.meta.main) {
  const from = process.argv[2]
  try {
    if (!from) {
      throw new Error('Say where the raw files are: node config/cases/bybit/convert.ts FOLDER')
    }
    convert({ from, to: import.meta.dirname })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
