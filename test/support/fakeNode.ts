import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { type BlockSpec, type FakeBlock, makeBlock, toHex, toWord, zeroHash } from './fakeBlocks.ts'

/** What goes wrong with an answer. */
export type Fault =
  | { type: 'text'; text: string }
  | { type: 'status'; status: number; headers?: Record<string, string>; text?: string }
  | { type: 'error'; code: number; message: string }
  /** Another result than the sound one, made of it and of what was asked. */
  | { type: 'result'; change: (result: never, params: never) => unknown }
  /** Never answers. */
  | { type: 'stall' }
  /** Ends the connection in place of an answer. */
  | { type: 'drop' }

type Injection = { method: string | undefined; left: number; fault: Fault }

type Rpc = { id: unknown; method: string; params: unknown[] }

type LogFilter = { blockHash: string; topics?: string[][] }

/** A native balance, or one of a token. */
export type BalanceOf = (query: { address: string; token?: string; block: number }) => bigint

export type FakeNode = Awaited<ReturnType<typeof createFakeNode>>

/**
 * A JSON-RPC node over a synthetic chain, on a loopback port. Block 0 is made by itself; `blocks` come after it.
 * @example const node = await createFakeNode({ chainId: 1, blocks: [{ transactions: [{ from, to, value: 1n }] }] })
 */
export async function createFakeNode({
  chainId = 1,
  blocks = [],
  finalizedDepth,
  balanceOf = () => 0n,
  path = '/',
}: {
  chainId?: number
  blocks?: BlockSpec[]
  /** Blocks that `finalized` trails the head; none where the chain has no such block. */
  finalizedDepth?: number
  balanceOf?: BalanceOf
  /** Path and query of `url`, where a key may sit. */
  path?: string
} = {}) {
  let chain: FakeBlock[] = []
  let head = -1
  let injections: Injection[] = []
  const byHash = new Map<string, FakeBlock>()
  const calls = new Map<string, number>()
  const sockets = new Set<Socket>()
  const subscribers = new Map<WebSocket, boolean>()
  const state = { silentSocket: false }

  function addBlocks(...specs: BlockSpec[]): FakeBlock[] {
    const added = specs.map((spec) => {
      const block = makeBlock(chain.length, chain.at(-1)?.header.hash ?? zeroHash, spec)
      chain.push(block)
      byHash.set(block.header.hash, block)
      return block
    })
    head = chain.length - 1
    for (const block of added) announce(block)
    return added
  }

  /** Takes `depth` blocks away and puts others in their place. */
  function reorganize(depth: number, specs: BlockSpec[] = []): FakeBlock[] {
    chain = chain.slice(0, chain.length - depth)
    head = chain.length - 1
    return addBlocks(...specs.map((spec) => ({ salt: `branch ${depth}`, ...spec })))
  }

  function announce({ header }: FakeBlock): void {
    const params = { subscription: '0x1', result: header }
    const text = JSON.stringify({ jsonrpc: '2.0', method: 'eth_subscription', params })
    for (const [socket, subscribed] of subscribers) {
      if (subscribed && !state.silentSocket) socket.send(text)
    }
  }

  function blockBy(tag: unknown): FakeBlock | undefined {
    if (tag === 'latest') return chain[head]
    if (tag === 'finalized')
      return finalizedDepth === undefined ? undefined : chain[Math.max(head - finalizedDepth, 0)]
    if (typeof tag === 'object' && tag) return byHash.get((tag as { blockHash: string }).blockHash)
    const number = Number(tag)
    return number <= head ? chain[number] : undefined
  }

  function show(block: FakeBlock | undefined, full: boolean): unknown {
    if (!block) return null
    const { header, transactions } = block
    return { ...header, transactions: full ? transactions : transactions.map(({ hash }) => hash) }
  }

  function answer({ method, params }: Rpc): unknown {
    switch (method) {
      case 'eth_chainId':
        return toHex(chainId)
      case 'eth_blockNumber':
        return toHex(head)
      case 'eth_getBlockByNumber':
        return show(blockBy(params[0]), params[1] === true)
      case 'eth_getBlockByHash':
        return show(byHash.get(String(params[0])), params[1] === true)
      case 'eth_getBlockReceipts':
        return (byHash.get(String(params[0])) ?? blockBy(params[0]))?.receipts ?? null
      case 'eth_getLogs': {
        const { blockHash, topics: [topics] = [] } = params[0] as LogFilter
        return byHash
          .get(blockHash)
          ?.receipts.flatMap(({ logs }) => logs)
          .filter((log) => !topics || topics.includes(log.topics[0] ?? ''))
      }
      case 'eth_getTransactionReceipt':
        return (
          chain
            .flatMap(({ receipts }) => receipts)
            .find(({ transactionHash }) => transactionHash === params[0]) ?? null
        )
      case 'eth_getBalance':
        return toHex(balanceOf({ address: String(params[0]), block: numberOf(params[1]) }))
      case 'eth_call': {
        const { to, data } = params[0] as { to: string; data: string }
        const address = `0x${data.slice(34)}`
        return toWord(balanceOf({ address, token: to, block: numberOf(params[1]) }))
      }
      default:
        throw new Error('method')
    }
  }

  function numberOf(tag: unknown): number {
    return Number(blockBy(tag)?.header.number)
  }

  function faultFor(method: string): Fault | undefined {
    const injection = injections.find(
      (given) => given.left > 0 && (given.method === undefined || given.method === method),
    )
    if (!injection) return undefined
    injection.left -= 1
    return injection.fault
  }

  function reply(call: Rpc): unknown {
    const message = `the method ${call.method} does not exist/is not available`
    try {
      return { jsonrpc: '2.0', id: call.id, result: answer(call) ?? null }
    } catch {
      return { jsonrpc: '2.0', id: call.id, error: { code: -32601, message } }
    }
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = ''
    for await (const part of request) text += part
    const call = JSON.parse(text) as Rpc
    calls.set(call.method, (calls.get(call.method) ?? 0) + 1)
    const fault = faultFor(call.method)
    const json = { 'content-type': 'application/json' }
    switch (fault?.type) {
      case undefined:
        return void response.writeHead(200, json).end(JSON.stringify(reply(call)))
      case 'stall':
        return
      case 'drop':
        return void request.socket.destroy()
      case 'text':
        return void response.writeHead(200, { 'content-type': 'text/html' }).end(fault.text)
      case 'status':
        return void response.writeHead(fault.status, fault.headers ?? {}).end(fault.text ?? '')
      case 'error': {
        const { code, message } = fault
        const body = { jsonrpc: '2.0', id: call.id, error: { code, message } }
        return void response.writeHead(200, json).end(JSON.stringify(body))
      }
      case 'result': {
        const result = fault.change(
          structuredClone(answer(call) ?? null) as never,
          call.params as never,
        )
        const body = { jsonrpc: '2.0', id: call.id, result }
        return void response.writeHead(200, json).end(JSON.stringify(body))
      }
    }
  }

  const server = createServer((request, response) => {
    respond(request, response).catch(() => response.destroy())
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const webSockets = new WebSocketServer({ server })
  webSockets.on('connection', (socket) => {
    subscribers.set(socket, false)
    socket.on('close', () => subscribers.delete(socket))
    socket.on('message', (data) => {
      if (state.silentSocket) return
      const call = JSON.parse(String(data)) as Rpc
      if (call.method !== 'eth_subscribe') return socket.send(JSON.stringify(reply(call)))
      subscribers.set(socket, true)
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: call.id, result: '0x1' }))
    })
  })
  addBlocks({}, ...blocks)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}${path}`,
    websocket: `ws://127.0.0.1:${port}${path}`,
    host: `127.0.0.1:${port}`,
    /** Calls so far, by method. */
    calls,
    countCalls: (...methods: string[]) =>
      [...calls].reduce(
        (sum, [method, count]) =>
          methods.length === 0 || methods.includes(method) ? sum + count : sum,
        0,
      ),
    clearCalls: () => calls.clear(),
    blocks: () => chain,
    addBlocks,
    reorganize,
    /** Tells an older head without forgetting the blocks above. */
    setHead(number: number) {
      head = number
    },
    /** Answers wrongly: to one method or all, so many times or until cleared. */
    inject(
      fault: Fault,
      { method, answers = Number.POSITIVE_INFINITY }: { method?: string; answers?: number } = {},
    ) {
      injections.push({ method, left: answers, fault })
    },
    clearFaults() {
      injections = []
    },
    /** Sockets stay open and say nothing any more. */
    silenceSockets(silent = true) {
      state.silentSocket = silent
    },
    /** How many sockets wait for heads. */
    subscribers: () => [...subscribers.values()].filter(Boolean).length,
    dropSockets() {
      for (const socket of subscribers.keys()) socket.terminate()
    },
    async close() {
      for (const socket of subscribers.keys()) socket.terminate()
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
