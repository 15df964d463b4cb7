import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import Papa from 'papaparse'
import { z } from 'zod'

/**
 * Makes `harmony-2022.csv.gz` of the flows of the incident HB, see README.md: the addresses that its authors call
 * "Harmony Bridge Hacker", and none of the services and strangers beside them.
 */
const [folder = ''] = process.argv.slice(2)
const row = z.object({
  From: z.string(),
  From_label: z.string(),
  To: z.string(),
  To_label: z.string(),
})
const text = readFileSync(join(folder, 'HB', 'HB.csv'), 'utf8')
const { data } = Papa.parse(text, { header: true, skipEmptyLines: true })
const names = new Map<string, string>()
for (const flow of z.array(row).parse(data)) {
  for (const [address, label] of [
    [flow.From, flow.From_label],
    [flow.To, flow.To_label],
  ] as const) {
    const [name] = /^Harmony Bridge Hacker \d+/.exec(label) ?? []
    if (name) names.set(address.toLowerCase(), name)
  }
}
const rows = [...names].sort().map(([address, name]) => `${address},${name},thief`)
const csv = `${['address,label,kind', ...rows].join('\n')}\n`
writeFileSync(new URL('./harmony-2022.csv.gz', import.meta.url), gzipSync(csv, { level: 9 }))
