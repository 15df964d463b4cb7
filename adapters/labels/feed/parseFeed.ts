import Papa from 'papaparse'
import { z } from 'zod'
import { quote } from '#errors/quote.ts'
import { UserError } from '#errors/userError.ts'
import type { FeedSettings } from '#types/feed.ts'
import type { FeedRow } from '#types/standing.ts'
import { parseAddress } from '#utils/parseAddress.ts'
import { hasUnsafeCharacters } from '#utils/plainText.ts'

/** More labels than any list has. */
const maxRows = 200_000

/** Characters of a name: more is a mistake or a trick. */
const maxName = 200

/** A Bitcoin or Tron address: case matters in it. */
const otherAddress = /^(?:bc1[0-9a-z]{11,71}|[13T][1-9A-HJ-NP-Za-km-z]{25,34})$/

/**
 * The labels in the text of a feed, each once, in the order of their addresses. A row that cannot be right refuses all.
 * @throws UserError
 */
export function parseFeed(text: string, settings: FeedSettings): FeedRow[] {
  const rows = parsers[settings.format](text, settings)
  if (rows.length === 0) throw new UserError('it holds no address')
  if (rows.length > maxRows) throw new UserError(`it holds more than ${maxRows} addresses`)
  for (const { name } of rows) checkName(name)
  const unique = new Map(rows.map((row) => [`${row.address} ${row.kind}`, row]))
  return [...unique.values()].sort((a, b) =>
    a.address === b.address ? (a.kind < b.kind ? -1 : 1) : a.address < b.address ? -1 : 1,
  )
}

const parsers: Record<FeedSettings['format'], (text: string, settings: FeedSettings) => FeedRow[]> =
  {
    ofac: parseOfac,
    etherscan: parseEtherscan,
    'hack-address': parseHackAddress,
  }

/** As made of OFAC's SDN list: an address a line, or a JSON array of them. */
function parseOfac(text: string, { kind, source }: FeedSettings): FeedRow[] {
  const addresses = text.trimStart().startsWith('[')
    ? parseList(text)
    : text
        .split('\n')
        .map((line) => line.replace(/#.*/, '').trim())
        .filter((line) => line !== '')
  return addresses.map((address) => ({ address: readAddress(address), name: source, kind }))
}

function parseList(text: string): string[] {
  const parsed = z.array(z.string()).safeParse(parseJson(text))
  if (!parsed.success) throw new UserError('it is no list of addresses')
  return parsed.data
}

const addressColumns = ['address']
const nameColumns = ['name tag', 'nametag', 'label', 'name']

/** As exported from Etherscan's pages of labels. */
function parseEtherscan(text: string, { kind }: FeedSettings): FeedRow[] {
  const { data } = Papa.parse<string[]>(text.trim(), { skipEmptyLines: 'greedy' })
  const [header = [], ...rows] = data
  const columns = header.map((column) => column.trim().toLowerCase())
  const address = columns.findIndex((column) => addressColumns.includes(column))
  const name = columns.findIndex((column) => nameColumns.includes(column))
  if (address < 0 || name < 0) throw new UserError('its header names no address and no label')
  const own = columns.indexOf('kind')
  return rows.map((row) => ({
    address: readAddress(row[address] ?? ''),
    name: (row[name] ?? '').trim(),
    kind: (own < 0 ? '' : (row[own] ?? '').trim().toLowerCase()) || kind,
  }))
}

/** `{"0221":{"eth":["0x…"],"bsc":["0x…"]}}`: incidents by date, chains by name, and new ones at any time. */
const hackAddress = z.record(z.string(), z.record(z.string(), z.array(z.string())))

function parseHackAddress(text: string, { kind, incident }: FeedSettings): FeedRow[] {
  const parsed = hackAddress.safeParse(parseJson(text))
  if (!parsed.success) throw new UserError('it has not the shape {"0221":{"eth":["0x…"]}}')
  const incidents = Object.entries(parsed.data).filter(
    ([name]) => incident === null || name === incident,
  )
  return incidents.flatMap(([name, chains]) =>
    Object.values(chains)
      .flat()
      // Chains that are not followed have addresses of other forms.
      .filter((address) => /^0x/i.test(address.trim()))
      .map((address) => ({ address: readAddress(address), name: `Incident ${name}`, kind })),
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UserError('it is no whole JSON')
  }
}

function readAddress(text: string): string {
  const trimmed = text.trim()
  return otherAddress.test(trimmed) ? trimmed : parseAddress(trimmed)
}

function checkName(name: string): void {
  if (hasUnsafeCharacters(name)) {
    throw new UserError(`the name ${quote(name)} holds a control or invisible character`)
  }
  if (name.length > maxName) throw new UserError(`the name ${quote(name)} is too long`)
}
