import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

const json = { 'content-type': 'application/json' }

type Answer = { id: unknown; result?: unknown; error?: unknown }

/** Stands before a node and can be told to fail: a dead node keeps its address. */
export async function createProxy(
  target: string,
  {
    delayMs = 0,
    amend,
  }: {
    delayMs?: number
    /** Changes what the node answers to a call of JSON-RPC. */
    amend?: (method: string, answer: Answer) => unknown
  } = {},
) {
  const state = { isDown: false, calls: 0 }

  async function changed(incoming: IncomingMessage, change: NonNullable<typeof amend>) {
    const body = await text(incoming)
    const told = await fetch(target, { method: 'POST', headers: json, body })
    const answer = change(JSON.parse(body).method, (await told.json()) as Answer)
    return typeof answer === 'string' ? answer : JSON.stringify(answer)
  }

  const server = createServer(async (incoming, outgoing) => {
    state.calls += 1
    if (state.isDown) {
      incoming.socket.destroy()
      return
    }
    if (amend) {
      outgoing.writeHead(200, json).end(await changed(incoming, amend))
      return
    }
    const { method, headers } = incoming
    const onward = request(target, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      setTimeout(() => answer.pipe(outgoing), delayMs)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    state,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
