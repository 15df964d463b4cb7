import pino, { type DestinationStream, type Logger } from 'pino'
import { createHider, mark } from './createHider.ts'

/** Fields that may hold a secret of any kind, also one that nobody told. */
const secretFields = [
  ...['url', 'urls', 'headers', 'authorization', 'Authorization'],
  ...['token', 'password', 'secret', 'apiKey', 'cookie'],
]

/** How deep those fields are looked for. A secret that is known is found at any depth. */
const maxFieldDepth = 4

/** A string of JSON with its quotes. */
const jsonText = /"(?:[^"\\]|\\.)*"/g

/**
 * A log of JSON lines on stderr. Whatever stands in a line, in a field, a message, an error or a stack, each of the
 * secrets is replaced by `[secret]`, also where it is escaped for a URL or for JSON. One that was cut short is not found.
 */
export function createLog({
  level,
  secrets,
  destination = pino.destination(2),
}: {
  level: string
  secrets: readonly string[]
  destination?: DestinationStream
}): Logger {
  const hide = createHider(secrets)
  return pino(
    {
      level,
      redact: { paths: secretFields.flatMap(fieldPaths), censor: mark },
      hooks: { streamWrite: (line) => line.replace(jsonText, (text) => hideInJson(text, hide)) },
    },
    destination,
  )
}

/** `url`, `*.url`, `*.*.url`, ... */
function fieldPaths(field: string): string[] {
  return Array.from({ length: maxFieldDepth }, (_, depth) => '*.'.repeat(depth) + field)
}

/** Each text is taken out of its escapes first, so that what comes out is JSON again. */
function hideInJson(json: string, hide: (text: string) => string): string {
  const text = String(JSON.parse(json))
  const clean = hide(text)
  return clean === text ? json : JSON.stringify(clean)
}
