import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import Papa from 'papaparse'
import { z } from 'zod'
import { type Kind, kindOf } from './kinds.ts'

type Row = { address: string; label: string; kind: Kind | 'thief' }
type Read = (text: string) => Row[]

/** Where several rows speak of one address the first of these wins: a service before what else is said of it. */
const order: Row['kind'][] = [
  ...(['token', 'mixer', 'bridge', 'exchange', 'dex', 'service'] as const),
  ...(['thief', 'sanctioned', 'phish-hack', 'other'] as const),
]

const ethereumAddress = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'Not an Ethereum address')
  .transform((address) => address.toLowerCase())

/** Case matters. T is Tron: OFAC's list of Bitcoin addresses holds one. */
const bitcoinAddress = z
  .string()
  .regex(/^(bc1[02-9ac-hj-np-z]{11,71}|[13T][1-9A-HJ-NP-Za-km-z]{25,34})$/, 'Not a Bitcoin address')

/** Strangers chose these texts: what can hide or turn text goes (controls, joiners, direction marks, line ends). */
const nameTag = z
  .string()
  .transform((text) => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, '').trim())

const nameTags = z.array(z.strictObject({ address: ethereumAddress, nameTag }))
const categorized = z.array(
  z.strictObject({ address: ethereumAddress, label: z.string().min(1), nameTag }),
)

/** A spreadsheet turned four addresses of the phishing list into numbers such as `1.4390191554254E+48`: they are lost. */
const isLost = (row: { address?: string }) => /^\d\.\d+E\+\d+$/.test(row.address ?? '')

function parseCsv(text: string) {
  const { data, errors } = Papa.parse<{ address?: string }>(text, {
    header: true,
    skipEmptyLines: true,
    delimiter: ',',
  })
  if (errors[0]) throw new Error(`${errors[0].message} (${errors[0].row})`)
  return data.filter((row) => !isLost(row))
}

const readCategorized: Read = (text) =>
  categorized.parse(parseCsv(text)).map(({ address, label, nameTag }) => ({
    address,
    label: nameTag || label,
    kind: kindOf({ category: label, nameTag }),
  }))

const readNameTags =
  (kind: Kind): Read =>
  (text) =>
    nameTags.parse(parseCsv(text)).map((row) => ({
      address: row.address,
      label: row.nameTag || kind,
      kind,
    }))

const readSanctioned =
  (schema: z.ZodType<string>): Read =>
  (text) =>
    z
      .array(schema)
      .parse(JSON.parse(text))
      .map((address) => ({ address, label: 'OFAC SDN list of 2024-09-27', kind: 'sanctioned' }))

const readBybit: Read = (text) =>
  z
    .array(ethereumAddress)
    .parse(text.split(/\r?\n/).filter(Boolean))
    .map((address) => ({
      address,
      label: 'Bybit theft of February 2025 (FBI PSA I-022625-PSA)',
      kind: 'thief',
    }))

/** Each raw file, the list it becomes, and how its text is read. */
const lists: [raw: string, file: string, read: Read][] = [
  ['eth-labels.csv.gz', 'etherscan-2024.csv.gz', readCategorized],
  ['exchange_2022-05.csv', 'exchanges-2022.csv.gz', readNameTags('exchange')],
  ['phish_hack_2022-05.csv', 'phishing-2022.csv.gz', readNameTags('phish-hack')],
  ['ofac_eth_2024-09-27.json', 'ofac-ethereum.csv.gz', readSanctioned(ethereumAddress)],
  ['ofac_btc_2024-09-27.json', 'ofac-bitcoin.csv.gz', readSanctioned(bitcoinAddress)],
  ['fbi_psa_250226_51_addresses.txt', 'fbi-bybit.csv.gz', readBybit],
]

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b))

/** One row an address, sorted. Where there is no name tag, every category that led to the kind is kept. */
function mergeRows(rows: Row[]) {
  const known = new Map<string, { kind: Row['kind']; labels: Set<string> }>()
  for (const { address, label, kind } of rows) {
    const best = known.get(address)
    if (best?.kind === kind) best.labels.add(label)
    else if (!best || order.indexOf(kind) < order.indexOf(best.kind)) {
      known.set(address, { kind, labels: new Set([label]) })
    }
  }
  return [...known]
    .map(([address, { kind, labels }]) => ({ address, label: [...labels].sort().join(', '), kind }))
    .sort((a, b) => compare(a.address, b.address))
}

function reasonOf(cause: unknown): string {
  const issue = cause instanceof z.ZodError ? cause.issues[0] : undefined
  if (issue) return `${issue.message} (${issue.path.join('.')})`
  return cause instanceof Error ? cause.message : `${cause}`
}

/** Turns the raw lists of one folder into ours in another. Writes nothing unless all of them can be read. */
export function convert({ from, to }: { from: string; to: string }): void {
  const files = lists.map(([raw, file, read]) => {
    const path = join(from, raw)
    if (!existsSync(path)) throw new Error(`There is no raw list "${raw}" in "${from}".`)
    try {
      const bytes = readFileSync(path)
      const rows = mergeRows(read(`${raw.endsWith('.gz') ? gunzipSync(bytes) : bytes}`))
      if (rows.length === 0) throw new Error('It has no rows.')
      return { file, csv: `${Papa.unparse(rows, { newline: '\n' })}\n` }
    } catch (cause) {
      throw new Error(`The raw list "${raw}" cannot be read: ${reasonOf(cause)}`, { cause })
    }
  })
  for (const { file, csv } of files) {
    const bytes = gzipSync(csv, { level: 9 })
    // The byte that names the operating system: with it two machines would write two files.
    bytes[9] = 255
    writeFileSync(join(to, file), bytes)
  }
}

if (import.meta.main) {
  const from = process.argv[2]
  try {
    if (!from) throw new Error('Say where the raw lists are: node config/labels/convert.ts FOLDER')
    convert({ from, to: import.meta.dirname })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
