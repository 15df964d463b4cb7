import { quote } from '#errors/quote.ts'

/** Where a value stands in the file, from the outside in. */
export type Path = readonly (string | number)[]

/** Faults in the order in which they were found, one a place: what follows from a fault need not be told too. */
export type Faults = {
  /** `text` goes on after the place: `is missing: name it`. */
  add(path: Path, text: string): void
  /** As `add`, with the value that the file has there. */
  refuse(path: Path, advice: string): void
  list(): string[]
}

/** `written` is the file before any variable was put into it, so that no fault can show one. */
export function createFaults(written: unknown): Faults {
  const found = new Map<string, string>()

  function add(path: Path, text: string): void {
    const place = renderPath(path)
    if (!found.has(place)) found.set(place, `${place} ${text}`)
  }

  return {
    add,
    refuse(path, advice) {
      const value = valueAt(written, path)
      const state = value === undefined ? 'is missing' : `is ${showValue(value, path)}`
      add(path, `${state}: ${advice}`)
    },
    list: () => [...found.values()],
  }
}

/** @example renderPath(['chains', 0, 'rpc', 1, 'url']) // 'chains[0].rpc[1].url' */
function renderPath(path: Path): string {
  const text = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${showKey(part)}`))
    .join('')
  return text === '' ? 'the file' : text.replace(/^\./, '')
}

/** A key that is not a plain word may be a URL that slipped into the wrong place. */
function showKey(key: string): string {
  return /^[\w-]{1,40}$/.test(key) ? key : showText(key)
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, part)
        ? (inner as Record<string | number, unknown>)[part]
        : undefined,
    value,
  )
}

/** Places whose texts may be keys in whatever form, not only as URLs. */
const urlPlaces = new Set<string | number>(['rpc', 'websocket', 'url'])

/** Places whose texts are shown to nobody. */
const secretPlaces = new Set<string | number>([
  'botToken',
  'appToken',
  'signingSecret',
  'clientSecret',
  'stateSecret',
  'key',
  'token',
])

/** Texts that are short words or numbers by their schema, also in those places. */
const plainPlaces = new Set<string | number>(['receipts', 'traces', 'requestsPerSecond'])

function showValue(value: unknown, path: Path): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value !== 'string') return quote(value)
  if (value === '') return 'empty'
  const last = path.at(-1) ?? ''
  if (secretPlaces.has(last)) return 'not of that form (it is not shown, being a secret)'
  const isUrl = path.some((part) => urlPlaces.has(part)) && !plainPlaces.has(last)
  return isUrl ? showUrl(value) : showText(value)
}

function showText(text: string): string {
  return text.includes('://') ? showUrl(text) : quote(text)
}

/** The host alone: the rest of a URL may hold a key. */
function showUrl(text: string): string {
  const host = hostOf(text)
  return host === null ? 'a text without a host' : `on the host ${quote(host)}`
}

/** `null` where it is no URL, or its host is put together from a variable. */
export function hostOf(url: string): string | null {
  const host = URL.parse(url)?.host ?? ''
  return host === '' || /[${}]|%24/.test(host) ? null : host
}
