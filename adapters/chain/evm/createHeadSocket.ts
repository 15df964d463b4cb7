import type { BlockRef } from '#types/chain.ts'
import { readHead } from './checkBlock.ts'
import { readUrl } from './createProvider.ts'
import type { Settings } from './settings.ts'

/** Milliseconds before a socket that broke is opened again, doubled with each time. */
const firstReopenMs = 1000
const maxReopenMs = 60_000

/** A WebSocket that tells of heads. It is looked after from outside: it has no timer of its own. */
export type HeadSocket = {
  /** Tells of heads, as far as is known. */
  isAlive(): boolean
  /** Opens it where it is closed and was left alone long enough, and closes one that never spoke. */
  tend(): void
  /** It missed a head: it is left alone for a while. */
  close(): void
  /** It is not needed any more, until it is opened again. */
  rest(): void
}

/**
 * Subscribes to `newHeads` over Node's own WebSocket: viem's would keep the URL, which may hold a key, in what it logs,
 * and waits without end for a server that accepts and never speaks.
 */
export function createHeadSocket(
  text: string,
  { settings, onHead }: { settings: Settings; onHead: (head: BlockRef) => void },
): HeadSocket {
  const { chain, log, now, timeoutMs } = settings
  const url = readUrl(text, { chain: chain.id, place: 'WebSocket' })
  const fields = { chain: chain.id, host: url.host }
  let socket: WebSocket | undefined
  let openedAt = 0
  let breaks = 0
  let reopenAt = 0
  let refused = false
  const told: { chain: boolean; subscription: boolean } = { chain: false, subscription: false }

  function rest(): void {
    const old = socket
    socket = undefined
    Object.assign(told, { chain: false, subscription: false })
    old?.close()
  }

  function close(): void {
    if (!socket) return
    breaks += 1
    reopenAt = now() + Math.min(firstReopenMs * 2 ** (breaks - 1), maxReopenMs)
    rest()
  }

  function take({ id, result, params }: SocketMessage): void {
    if (id === chainCall.id) {
      told.chain = Number(result) === Number(chain.id.split(':')[1])
      if (told.chain) return
      refused = true
      log.error(fields, 'A node belongs to another chain and is not used')
      close()
    } else if (id === headsCall.id) told.subscription = typeof result === 'string'
    const head = readHead(params?.result)
    if (!head || !told.chain) return
    breaks = 0
    onHead(head)
  }

  function open(): void {
    openedAt = now()
    try {
      const opened = listen(url, {
        onMessage: (message) => socket === opened && take(message),
        onEnd() {
          if (socket !== opened) return
          log.warn(fields, 'The socket for heads broke; polling instead')
          close()
        },
      })
      socket = opened
    } catch {
      // What is thrown holds the URL.
      refused = true
      log.error(fields, 'The socket for heads cannot be opened')
    }
  }

  return {
    isAlive: () => told.chain && told.subscription,
    tend() {
      if (refused) return
      if (socket && !told.subscription && now() - openedAt > timeoutMs) close()
      if (!socket && now() >= reopenAt) open()
    },
    close,
    rest,
  }
}

type SocketMessage = { id?: unknown; result?: unknown; params?: { result?: unknown } | null }

const chainCall = { jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }
const headsCall = { jsonrpc: '2.0', id: 2, method: 'eth_subscribe', params: ['newHeads'] }

/** A socket that asks for heads as soon as it is open. What it hears that is not JSON ends it. */
function listen(
  url: URL,
  { onMessage, onEnd }: { onMessage: (message: SocketMessage) => void; onEnd: () => void },
): WebSocket {
  const socket = new WebSocket(url)
  socket.addEventListener('open', () => {
    for (const call of [chainCall, headsCall]) socket.send(JSON.stringify(call))
  })
  socket.addEventListener('message', ({ data }) => {
    let message: unknown
    try {
      message = JSON.parse(String(data))
    } catch {
      return onEnd()
    }
    if (typeof message === 'object' && message) onMessage(message)
  })
  for (const end of ['close', 'error'] as const) socket.addEventListener(end, onEnd)
  return socket
}
