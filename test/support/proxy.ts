import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** Stands before a node and can be told to fail: a dead node keeps its address. */
export async function createProxy(
  target: string,
  {
    delayMs = 0,
    refuses = [],
  }: {
    delayMs?: number
    /** Calls of JSON-RPC that it answers with an error, as a node without old state does. */
    refuses?: string[]
  } = {},
) {
  const state = { isDown: false, calls: 0 }
  const server = createServer(async (incoming, outgoing) => {
    state.calls += 1
    if (state.isDown) {
      incoming.socket.destroy()
      return
    }
    const { method, headers } = incoming
    const onward = request(target, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      setTimeout(() => answer.pipe(outgoing), delayMs)
    })
    onward.on('error', () => outgoing.writableEnded || outgoing.destroy())
    if (refuses.length === 0) return incoming.pipe(onward)
    const body = await text(incoming)
    const { id, method: asked } = JSON.parse(body)
    if (!refuses.includes(asked)) return onward.end(body)
    onward.destroy()
    const error = { code: -32000, message: 'missing trie node' }
    return outgoing.end(JSON.stringify({ jsonrpc: '2.0', id, error }))
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
