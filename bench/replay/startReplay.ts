import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Calls by method, those for a head by name apart (`eth_getBlockByNumber head`), and bytes of the answers. */
export type Counts = { calls: Record<string, number>; bytes: number }

/** A head, and when it could first be seen, in milliseconds since 1970. */
export type SeenHead = { number: number; at: number }

export type Payment = { number: number; from: string; to: string; value: string }

export type Question =
  | { type: 'setHead'; number: number }
  | { type: 'plant'; payment: Payment }
  | { type: 'live'; everyMs: number | null }
  | { type: 'counts' }
  | { type: 'heads' }

export type Answer = string | null | Counts | SeenHead[]

/** A node in another process that replays recorded blocks, so that its work is not counted with its client's. */
export type Replay = {
  url: string
  setHead(number: number): Promise<void>
  /** Puts a payment of `value` wei into a block that was not told of yet; answers its hash. */
  plant(payment: Omit<Payment, 'value'> & { value: bigint }): Promise<string>
  /** The head advances by one every so many milliseconds; `null` stops it. */
  live(everyMs: number | null): Promise<void>
  /** What was asked for since this was last read. */
  readCounts(): Promise<Counts>
  /** The heads of `live` since this was last read. */
  readHeads(): Promise<SeenHead[]>
  close(): Promise<void>
}

export async function startReplay(): Promise<Replay> {
  const child = fork(fileURLToPath(new URL('../replayServer.ts', import.meta.url)), {
    execArgv: [],
  })
  const ask = createAsk(child)
  const url = (await ask.started) as string
  return {
    url,
    setHead: async (number) => void (await ask({ type: 'setHead', number })),
    async plant({ value, ...payment }) {
      const question = { type: 'plant', payment: { ...payment, value: `${value}` } } as const
      return (await ask(question)) as string
    },
    live: async (everyMs) => void (await ask({ type: 'live', everyMs })),
    readCounts: async () => (await ask({ type: 'counts' })) as Counts,
    readHeads: async () => (await ask({ type: 'heads' })) as SeenHead[],
    async close() {
      if (child.exitCode !== null) return
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}

type Ask = ((question: Question) => Promise<Answer>) & { started: Promise<Answer> }

/** Sends questions to the server; `started` is the answer that it gives unasked. */
function createAsk(child: ChildProcess): Ask {
  const waiting = new Map<number, PromiseWithResolvers<Answer>>()
  const wait = (id: number): Promise<Answer> => {
    const answered = Promise.withResolvers<Answer>()
    waiting.set(id, answered)
    return answered.promise
  }
  child.on('message', ({ id, answer }: { id: number; answer: Answer }) => {
    waiting.get(id)?.resolve(answer)
    waiting.delete(id)
  })
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) {
      reject(new Error(`The replay server has ended with code "${code}".`))
    }
  })
  const started = wait(0)
  let last = 0
  const ask = (question: Question): Promise<Answer> => {
    last += 1
    child.send({ id: last, question })
    return wait(last)
  }
  return Object.assign(ask, { started })
}
