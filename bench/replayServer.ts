import { createServer, type IncomingMessage } from 'node:http'
import { createReplayChain, firstNumber } from './replay/createReplayChain.ts'
import { readBlocks } from './replay/readBlocks.ts'
import type { Answer, Counts, Question, SeenHead } from './replay/startReplay.ts'

/** A node that replays recorded blocks, in a process of its own: started and steered by `startReplay`. */

const chain = createReplayChain(readBlocks(), { head: firstNumber })
let counts: Counts = { calls: {}, bytes: 0 }
let heads: SeenHead[] = []
let timer: NodeJS.Timeout | undefined

const server = createServer((request, response) => {
  readBody(request)
    .then((body) => {
      const { id, method, params } = JSON.parse(body) as Call
      const counted = isAboutHead(params) ? `${method} head` : method
      counts.calls[counted] = (counts.calls[counted] ?? 0) + 1
      const parts = answer(id, method, params ?? [])
      const length = parts.reduce((sum, part) => sum + part.length, 0)
      counts.bytes += length
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': length })
      for (const part of parts) response.write(part)
      response.end()
    })
    .catch((error: unknown) => response.writeHead(400).end(String(error)))
})
// Clients that pause between two measurements find their connections open.
server.keepAliveTimeout = 60_000

type Call = { id: unknown; method: string; params?: unknown[] }

function answer(id: unknown, method: string, params: readonly unknown[]): Buffer[] {
  const start = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},`
  try {
    const result = chain.answer(method, params)
    return [Buffer.from(`${start}"result":`), result, Buffer.from('}')]
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return [Buffer.from(`${start}"error":${JSON.stringify({ code: -32_601, message })}}`)]
  }
}

function isAboutHead([block]: readonly unknown[] = []): boolean {
  return block === 'latest' || block === 'finalized'
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

function advance(): void {
  chain.head += 1
  heads.push({ number: chain.head, at: performance.timeOrigin + performance.now() })
}

function obey(question: Question): Answer {
  switch (question.type) {
    case 'setHead':
      chain.head = question.number
      return null
    case 'plant':
      return chain.plant({ ...question.payment, value: BigInt(question.payment.value) })
    case 'live':
      clearInterval(timer)
      timer = question.everyMs === null ? undefined : setInterval(advance, question.everyMs)
      return null
    case 'counts': {
      const counted = counts
      counts = { calls: {}, bytes: 0 }
      return counted
    }
    case 'heads': {
      const seen = heads
      heads = []
      return seen
    }
  }
}

process.on('message', (message: { id: number; question: Question }) => {
  process.send?.({ id: message.id, answer: obey(message.question) })
})
// Whoever started it is gone.
process.on('disconnect', () => process.exit())

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  process.send?.({ id: 0, answer: `http://127.0.0.1:${port}` })
})
