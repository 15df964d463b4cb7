/** Longest that a WebSocket may take to open and to answer, in milliseconds. */
const socketLimitMs = 5_000

/** What a WebSocket did: it told its chain and took a subscription, or why not. Nothing of its URL is in it. */
export type SocketProbe = { chain: string } | { fault: string }

/** Opens a WebSocket, asks for its chain and subscribes to heads. Never throws for what the node does. */
export async function probeSocket(
  url: string,
  { limitMs = socketLimitMs }: { limitMs?: number } = {},
): Promise<SocketProbe> {
  const { promise, resolve } = Promise.withResolvers<SocketProbe>()
  const socket = open(url)
  if (!socket) return { fault: 'it does not open: its URL is not one of a WebSocket' }
  let step = 'does not open'
  let chain: string | undefined
  const timer = setTimeout(() => resolve({ fault: `it ${step} in ${limitMs} ms` }), limitMs)
  socket.addEventListener('open', () => {
    step = 'opens and does not answer'
    const calls = [
      { id: 1, method: 'eth_chainId', params: [] },
      { id: 2, method: 'eth_subscribe', params: ['newHeads'] },
    ]
    for (const call of calls) socket.send(JSON.stringify({ jsonrpc: '2.0', ...call }))
  })
  socket.addEventListener('message', ({ data }) => {
    const answer = readAnswer(data)
    if (answer?.id === 1 && /^0x[0-9a-f]{1,64}$/i.test(String(answer.result))) {
      chain = `eip155:${BigInt(String(answer.result))}`
      step = 'takes no subscription'
    } else if (answer?.id === 1) resolve({ fault: 'it does not tell its chain' })
    if (answer?.id !== 2) return
    if (answer.result === undefined) resolve({ fault: 'it refuses a subscription to heads' })
    else resolve(chain === undefined ? { fault: 'it does not tell its chain' } : { chain })
  })
  for (const end of ['close', 'error'] as const) {
    socket.addEventListener(end, () => resolve({ fault: `it ${step}: the connection broke` }))
  }
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    socket.close()
  }
}

/** What is thrown here names the URL, so it goes no further. */
function open(url: string): WebSocket | undefined {
  try {
    return new WebSocket(url)
  } catch {
    return undefined
  }
}

function readAnswer(data: unknown): { id?: unknown; result?: unknown } | undefined {
  try {
    const answer: unknown = JSON.parse(String(data))
    return typeof answer === 'object' && answer !== null ? answer : undefined
  } catch {
    return undefined
  }
}
