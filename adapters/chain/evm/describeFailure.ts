import { HttpRequestError, ResponseBodyTooLargeError, RpcRequestError, TimeoutError } from 'viem'
import { quote } from '#errors/quote.ts'
import { NodeFailure } from '#errors/rpc.ts'

/** What was thrown for a request, as a short reason without anything of the node's URL but its host. */
export function describeFailure(
  error: unknown,
  { secrets, timeoutMs, now }: { secrets: readonly string[]; timeoutMs: number; now: number },
): NodeFailure {
  const errors = causesOf(error)
  const rpc = errors.find((cause) => cause instanceof RpcRequestError)
  if (rpc) return describeRpc(rpc, { secrets, now })
  const http = errors.find((cause) => cause instanceof HttpRequestError)
  if (http?.status !== undefined) {
    const retryAfterMs = readRetryAfter(http.headers, now)
    const kind = http.status === 429 ? 'limit' : 'transport'
    return new NodeFailure(`HTTP status ${http.status}`, { kind, retryAfterMs })
  }
  return new NodeFailure(describeTransport(errors, timeoutMs), { kind: 'transport' })
}

function describeRpc(
  error: RpcRequestError,
  { secrets, now }: { secrets: readonly string[]; now: number },
): NodeFailure {
  const { code, details, status, headers } = error
  const reason = `error ${code}, ${quote(hideSecrets(String(details ?? ''), secrets))}`
  const retryAfterMs = readRetryAfter(headers, now)
  if (status === 429 || code === 429 || code === -32005 || limitWords.test(details)) {
    return new NodeFailure(reason, { kind: 'limit', retryAfterMs })
  }
  const unknownMethod = code === -32601 || code === -32004 || methodWords.test(details)
  return new NodeFailure(reason, { kind: unknownMethod ? 'method' : 'refused', retryAfterMs })
}

const limitWords = /rate.?limit|too many requests|limit exceeded|compute units|capacity exceeded/i
const methodWords =
  /\bmethod\b.*(?:not (?:found|supported|available|allowed|exist|whitelisted|enabled)|does not exist|unsupported|unavailable)|unsupported method/i

function describeTransport(errors: readonly unknown[], timeoutMs: number): string {
  if (errors.some((cause) => cause instanceof TimeoutError)) return `no answer in ${timeoutMs} ms`
  if (errors.some((cause) => cause instanceof ResponseBodyTooLargeError))
    return 'too long an answer'
  if (errors.some((cause) => cause instanceof SyntaxError)) return 'an answer that is not JSON'
  for (const cause of errors) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (typeof code === 'string' && /^[A-Z0-9_]{3,40}$/.test(code)) return `no connection, ${code}`
  }
  if (errors.some((cause) => cause instanceof HttpRequestError)) return 'no connection'
  return 'an answer that is not JSON-RPC'
}

/** An error and what caused it, outermost first. */
function causesOf(error: unknown): unknown[] {
  const errors: unknown[] = []
  for (let cause = error; cause && errors.length < 10; ) {
    errors.push(cause)
    cause = cause instanceof Error ? cause.cause : undefined
  }
  return errors
}

/** Milliseconds of a `Retry-After`, which is in seconds or a date. */
function readRetryAfter(headers: Headers | undefined, now: number): number | undefined {
  const text = headers?.get('retry-after')?.trim()
  if (!text) return undefined
  const ms = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isFinite(ms) ? Math.max(ms, 0) : undefined
}

/** Shortest part of a URL that counts as secret; shorter ones are words such as `v2`. */
const minSecretLength = 4

/** Everything in a URL that may be a key, longest first. */
export function secretsOf(url: URL): string[] {
  const parts = [
    ...url.pathname.split('/'),
    ...[...url.searchParams].flat(),
    url.search.slice(1),
    url.username,
    url.password,
    url.hash.slice(1),
    Buffer.from(decode(`${url.username}:${url.password}`)).toString('base64'),
  ]
  const written = parts.flatMap((part) => [part, decode(part), encodeURIComponent(part)])
  return [...new Set(written)]
    .filter((part) => part.length >= minSecretLength)
    .sort((one, other) => other.length - one.length)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The text without URLs and without these secrets, in whatever case a server repeats them. */
function hideSecrets(text: string, secrets: readonly string[]): string {
  let hidden = text.replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '…')
  for (const secret of secrets) {
    hidden = hidden.replace(new RegExp(RegExp.escape(secret), 'gi'), '…')
  }
  return hidden
}
