import { NodeFailure } from '#errors/rpc.ts'

/** Most that a node may answer, in bytes: a block of 4 MB as hex, and room. */
const maxAnswer = 64 * 2 ** 20

/** The URL of a node without what it keeps secret, and that as a header. @throws NodeFailure */
export function readUrl(text: string): {
  url: string
  host: string
  headers: Record<string, string>
} {
  const url = URL.parse(text)
  if (!url) throw new NodeFailure('its URL is not one', { kind: 'transport' })
  const { username, password, host } = url
  url.username = ''
  url.password = ''
  const given = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const headers: Record<string, string> =
    username === '' && password === ''
      ? {}
      : { authorization: `Basic ${Buffer.from(given).toString('base64')}` }
  return { url: url.href.replace(/\/$/, ''), host, headers }
}

/**
 * One question to a node: its status and the bytes of its answer.
 * @throws NodeFailure that says nothing of the URL
 */
export async function ask(
  url: string,
  { timeoutMs, ...init }: RequestInit & { timeoutMs: number },
): Promise<{ status: number; bytes: Uint8Array }> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, { ...init, signal, redirect: 'error' })
    const parts: Uint8Array[] = []
    let size = 0
    for await (const part of response.body ?? []) {
      size += part.length
      if (size > maxAnswer) throw new NodeFailure('an answer without end', { kind: 'answer' })
      parts.push(part)
    }
    if (response.status === 429) throw new NodeFailure('it asks for fewer calls', { kind: 'limit' })
    return { status: response.status, bytes: Buffer.concat(parts) }
  } catch (error) {
    if (error instanceof NodeFailure) throw error
    const reason = signal.aborted ? `no answer within ${timeoutMs} ms` : 'no connection'
    throw new NodeFailure(reason, { kind: 'transport' })
  }
}

/** @throws NodeFailure */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    throw new NodeFailure('an answer that is not JSON', { kind: 'answer' })
  }
}
