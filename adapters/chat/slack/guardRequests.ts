import type { IncomingMessage, ServerResponse } from 'node:http'
import { isValidSlackRequest } from '@slack/bolt'
import QuickLRU from 'quick-lru'
import { maxSignatureAgeMs } from './limits.ts'

/** Signatures that are remembered: more than a workspace sends in five minutes. */
const maxSignatures = 100_000

/** Far more than Slack sends at once. */
const maxRequestBytes = 1_000_000

type Listener = (request: IncomingMessage, response: ServerResponse) => void

/**
 * Lets through what Slack has signed within 5 minutes, and each of it once: a forged, a stale and a repeated request
 * get 401 and are read no further.
 */
export function guardRequests(
  next: Listener,
  { signingSecret, path }: { signingSecret: string; path: string },
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const seen = new QuickLRU<string, true>({ maxSize: maxSignatures, maxAge: maxSignatureAgeMs })

  return async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname !== path || request.method !== 'POST') return next(request, response)
    const body = await readBody(request)
    if (body === null) return end(response, 413)
    const hash = checkSignature(request, body, signingSecret)
    if (hash === null || seen.has(hash)) return end(response, 401)
    seen.set(hash, true)
    // Bolt takes a body that was read already from here, and checks the signature once more.
    next(Object.assign(request, { rawBody: body }), response)
  }
}

/** The signature itself, without anything that could be written otherwise and still hold; `null` where it does not. */
function checkSignature(
  { headers }: IncomingMessage,
  body: Buffer,
  signingSecret: string,
): string | null {
  const signature = headers['x-slack-signature']
  const at = headers['x-slack-request-timestamp']
  if (typeof signature !== 'string' || !/^v0=[0-9a-f]{64}$/.test(signature)) return null
  if (typeof at !== 'string' || !/^\d{1,12}$/.test(at)) return null
  if (Math.abs(Date.now() - Number(at) * 1000) > maxSignatureAgeMs) return null
  const isValid = isValidSlackRequest({
    signingSecret,
    body: body.toString(),
    headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': Number(at) },
  })
  return isValid ? signature : null
}

/** `null` where there is too much of it. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += (chunk as Buffer).length
    if (length > maxRequestBytes) return null
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: 'close' }).end()
}
