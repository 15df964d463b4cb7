import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { FeedError } from '#errors/feed.ts'
import { quote } from '#errors/quote.ts'
import { UserError } from '#errors/userError.ts'
import type { FeedSettings } from '#types/feed.ts'
import type { FeedRow } from '#types/standing.ts'
import { parseFeed } from './parseFeed.ts'

/** A feed that takes longer or is larger than this is none. */
const timeoutMs = 30_000
const maxBytes = 32 * 2 ** 20

export type FeedOptions = {
  signal: AbortSignal
  /** @default 30 s */
  limitMs?: number
  /** @default 32 MiB */
  limitBytes?: number
}

/**
 * The labels of a feed as they are now, each once, in order.
 * @throws FeedError
 */
export async function readFeed(
  settings: FeedSettings,
  { signal, limitMs = timeoutMs, limitBytes = maxBytes }: FeedOptions,
): Promise<FeedRow[]> {
  const { name: feed, from } = settings
  const where = 'url' in from ? (URL.parse(from.url)?.host ?? '') : basename(from.file)
  const text =
    'url' in from
      ? await fetchText(from.url, {
          refuse: (reason, cause) => new FeedError({ feed, where, reason, isPassing: true, cause }),
          signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
          limitBytes,
        })
      : await readFile(from.file, 'utf8').catch((cause: unknown) => {
          throw new FeedError({ feed, where, reason: 'the file cannot be read', cause })
        })
  try {
    return parseFeed(text, settings)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new FeedError({ feed, where, reason: error.message.replace(/\.$/, '') })
  }
}

type Fetching = {
  refuse: (reason: string, cause?: unknown) => FeedError
  signal: AbortSignal
  limitBytes: number
}

/** Errors of a fetch may hold the whole URL, with its key: they are told by their kind alone. */
async function fetchText(url: string, { refuse, signal, limitBytes }: Fetching): Promise<string> {
  let response: Response
  try {
    // A list that moves elsewhere is another list.
    response = await fetch(url, { redirect: 'error', signal })
  } catch {
    throw refuse(
      signal.aborted ? 'it did not answer in time' : 'it cannot be reached, or leads elsewhere',
    )
  }
  if (!response.ok) throw refuse(`it answers ${response.status}`)
  const pieces: Uint8Array[] = []
  let size = 0
  try {
    for await (const piece of response.body ?? []) {
      size += piece.length
      if (size > limitBytes) throw refuse(`it is larger than ${limitBytes} bytes`)
      pieces.push(piece)
    }
  } catch (error) {
    if (error instanceof FeedError) throw error
    throw refuse(signal.aborted ? 'it did not answer in time' : 'it broke off')
  }
  const text = Buffer.concat(pieces).toString('utf8')
  if (/^\s*<(!doctype|html)/i.test(text)) {
    throw refuse(`it is a web page: ${quote(text.trim().slice(0, 20))}`)
  }
  return text
}
