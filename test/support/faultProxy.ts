import { once } from 'node:events'
import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'

/** What went through, its body as text. */
export type ProxiedRequest = {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}
export type ProxiedAnswer = { status: number; headers: Record<string, string>; body: string }

/** Something that goes wrong with the next `count` requests that match, by `METHOD path`. */
export type Fault = {
  match: RegExp
  /** @default 1 */
  count?: number
} & (
  | { kind: 'busy'; retryAfter: number }
  | { kind: 'broken'; status: number }
  | { kind: 'slow'; ms: number }
  /** The connection ends: before the platform has heard of it, or after it has done it. */
  | { kind: 'lost'; when: 'before' | 'after' }
)

export type ProxyState = {
  isDown: boolean
  /** Everything that comes through a socket comes twice. */
  isDoubling: boolean
  /** Hears of each request: before the target does, and after it has answered, which nobody has read yet. */
  onPass(request: ProxiedRequest, when: 'before' | 'after'): void
}

export type FaultProxyOptions = {
  target: string
  /** What is wrong with a request by the rules of the platform; collected in `problems`. */
  check?: (request: ProxiedRequest) => string[]
  /** Answers in the place of the target, which lacks it; `null` passes it on. */
  answer?: (request: ProxiedRequest) => ProxiedAnswer | null | Promise<ProxiedAnswer | null>
  /** Answers what a client says through a socket in the place of the target; `null` passes it on. */
  answerFrame?: (text: string) => string | null
  /** Changes what comes through a socket. */
  amendFrame?: (text: string) => string
  /** Adds to what the target has answered. */
  amend?: (request: ProxiedRequest, answer: ProxiedAnswer) => ProxiedAnswer | Promise<ProxiedAnswer>
}

/**
 * Stands between Posse and a platform: makes requests fail as they do there, hands messages of sockets on twice, ends
 * sockets, and keeps what went through.
 */
export async function createFaultProxy({
  target,
  check,
  answer,
  amend,
  answerFrame = () => null,
  amendFrame = (text) => text,
}: FaultProxyOptions) {
  const faults: (Fault & { count: number })[] = []
  const requests: (ProxiedRequest & { at: number; status: number })[] = []
  const problems: string[] = []
  const sockets = new Set<WebSocket>()
  const state: ProxyState = { isDown: false, isDoubling: false, onPass: () => undefined }

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy())
  })

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = await readRequest(incoming)
    const note = (status: number) => requests.push({ ...request, at: Date.now(), status })
    const fault = takeFault(request)
    if (state.isDown || (fault?.kind === 'lost' && fault.when === 'before')) {
      note(0)
      incoming.socket.destroy()
      return
    }
    if (fault?.kind === 'busy') {
      note(429)
      return send(outgoing, busyAnswer(fault.retryAfter))
    }
    if (fault?.kind === 'broken') {
      note(fault.status)
      return send(outgoing, { status: fault.status, headers: {}, body: 'upstream connect error' })
    }
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms))
    problems.push(...(check?.(request) ?? []))
    state.onPass(request, 'before')
    const times = state.isDoubling && request.method === 'POST' ? 2 : 1
    const first = (await answer?.(request)) ?? (await forward(target, request))
    for (let time = 1; time < times; time += 1) await forward(target, request)
    const amended = (await amend?.(request, first)) ?? first
    note(amended.status)
    state.onPass(request, 'after')
    if (fault?.kind === 'lost') incoming.socket.destroy()
    else send(outgoing, amended)
  }

  function takeFault({ method, path }: ProxiedRequest) {
    const fault = faults.find(({ match, count }) => count > 0 && match.test(`${method} ${path}`))
    if (fault) fault.count -= 1
    return fault
  }

  const upgrades = new WebSocketServer({ server })
  upgrades.on('connection', (client, { url = '/' }) => {
    const upstream = new WebSocket(new URL(url, target.replace(/^http/, 'ws')))
    const waiting: string[] = []
    sockets.add(client)
    client.on('message', (data) => {
      const answered = answerFrame(String(data))
      if (answered !== null) return client.send(answered)
      if (upstream.readyState === WebSocket.OPEN) upstream.send(String(data))
      else waiting.push(String(data))
    })
    upstream.on('open', () => {
      for (const text of waiting.splice(0)) upstream.send(text)
    })
    upstream.on('message', (data) => {
      const text = amendFrame(String(data))
      client.send(text)
      if (state.isDoubling) client.send(text)
    })
    const end = () => {
      sockets.delete(client)
      client.terminate()
      upstream.terminate()
    }
    for (const side of [client, upstream]) side.on('close', end).on('error', end)
  })

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    requests,
    problems,
    state,
    fail(fault: Fault) {
      faults.push({ count: 1, ...fault })
    },
    dropSockets() {
      for (const socket of sockets) socket.terminate()
    },
    async close() {
      for (const socket of sockets) socket.terminate()
      upgrades.close()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export type FaultProxy = Awaited<ReturnType<typeof createFaultProxy>>

/** As Slack and Discord say it, in headers and body. */
function busyAnswer(retryAfter: number): ProxiedAnswer {
  const body = { ok: false, error: 'ratelimited', message: 'You are being rate limited.' }
  return {
    status: 429,
    headers: {
      'content-type': 'application/json',
      'retry-after': String(retryAfter),
      'x-ratelimit-scope': 'user',
    },
    body: JSON.stringify({ ...body, retry_after: retryAfter, global: false }),
  }
}

async function readRequest(incoming: IncomingMessage): Promise<ProxiedRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const { method = 'GET', url: path = '/', headers } = incoming
  return { method, path, headers, body: Buffer.concat(chunks).toString() }
}

function send(outgoing: ServerResponse, { status, headers, body }: ProxiedAnswer): void {
  const { 'content-length': _length, 'transfer-encoding': _encoding, ...kept } = headers
  outgoing.writeHead(status, kept).end(status === 204 ? undefined : body)
}

/** Hands a request on to where it was meant to go. */
export async function forward(target: string, request: ProxiedRequest): Promise<ProxiedAnswer> {
  const { method, path, headers, body } = request
  return await new Promise((resolve, reject) => {
    const { 'transfer-encoding': _encoding, ...kept } = headers
    const length = { 'content-length': String(Buffer.byteLength(body)) }
    const onward = httpRequest(
      new URL(path, target),
      { method, headers: { ...kept, ...length } },
      async (incoming) => {
        const chunks: Buffer[] = []
        for await (const chunk of incoming) chunks.push(chunk as Buffer)
        const given = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])
        resolve({
          status: incoming.statusCode ?? 502,
          headers: Object.fromEntries(given),
          body: Buffer.concat(chunks).toString(),
        })
      },
    )
    onward.on('error', reject)
    onward.end(body)
  })
}
