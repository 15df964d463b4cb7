import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Stands before a node and can be told to fail: a dead node keeps its address. */
export async function createProxy(target: string, { delayMs = 0 }: { delayMs?: number } = {}) {
  const state = { isDown: false, calls: 0 }
  const server = createServer((incoming, outgoing) => {
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
