import { createHash } from 'node:crypto'
import { type Plant, plantIn, type Source, toHex } from './readBlocks.ts'
import { createTemplate, fillTemplate, type Place, type Template } from './template.ts'

/** The number of the oldest block that there is. */
export const firstNumber = 24_476_000
/** Unix seconds of the oldest block, and between two. */
const firstTime = 1_771_300_000
const secondsPerBlock = 12
/** Blocks below the head that are not final yet. */
const finalDepth = 64

/** What does not depend on the block. */
const constants = new Map([
  ['eth_chainId', '"0x1"'],
  ['eth_getBalance', `"${toHex(100n * 10n ** 18n)}"`],
  ['eth_call', `"0x${'0'.repeat(64)}"`],
])

/** Recorded blocks over and over as one chain. Answers are JSON. */
export type ReplayChain = {
  /** The number of the newest block. */
  head: number
  /** Puts a payment into a block that was not told of yet; answers its hash. */
  plant(payment: { number: number; from: string; to: string; value: bigint }): string
  /** @throws RangeError where it does not know the method or its parameters */
  answer(method: string, params: readonly unknown[]): Buffer
}

const none = Buffer.from('null')

export function createReplayChain(
  sources: readonly Source[],
  { head }: { head: number },
): ReplayChain {
  const plants = new Map<number, Plant[]>()
  const templates = new Map<string, Template>()

  function sourceOf(number: number): Source {
    const source = sources[(number - firstNumber) % sources.length]
    if (!source) throw new RangeError('There is no recorded block.')
    const planted = plants.get(number)
    return planted ? plantIn(source, planted) : source
  }

  /** What `pick` takes from a block, told as if it had this number. */
  function tell(
    number: number | undefined,
    kind: string,
    pick: (source: Source) => unknown,
  ): Buffer {
    if (number === undefined || number < firstNumber || number > chain.head) return none
    const place = (number - firstNumber) % sources.length
    const key = `${plants.has(number) ? number : place} ${kind}`
    const template = templates.get(key) ?? createTemplate(pick(sourceOf(number)))
    templates.set(key, template)
    return fillTemplate(template, placeOf(number))
  }

  function tellBlock(number: number | undefined, isFull: unknown): Buffer {
    if (isFull) return tell(number, 'full', ({ block }) => block)
    return tell(number, 'bare', ({ block }) => {
      return { ...block, transactions: block.transactions.map(({ hash }) => hash) }
    })
  }

  function tellLogs(filter: unknown): Buffer {
    const { block, topics } = readFilter(filter)
    return tell(numberOf(block, chain), `logs ${topics?.join() ?? ''}`, ({ receipts }) =>
      logsOf(receipts, topics),
    )
  }

  /** A hash that comes again in every round is that of the newest block that has it. */
  function tellReceipt(hash: unknown): Buffer {
    for (let number = chain.head; number > chain.head - 2 * sources.length; number--) {
      const { receipts } = sourceOf(number)
      const receipt = receipts.find(({ transactionHash }) => transactionHash === hash)
      if (receipt) return tell(number, `receipt ${hash}`, () => receipt)
    }
    return none
  }

  const chain: ReplayChain = {
    head,
    plant({ number, ...payment }) {
      const known = plants.get(number) ?? []
      const hash = hashOf(number, `plant ${known.length}`)
      plants.set(number, [...known, { hash, ...payment }])
      return hash
    },
    answer(method, params) {
      const [first, second] = params
      switch (method) {
        case 'eth_blockNumber':
          return Buffer.from(`"${toHex(chain.head)}"`)
        case 'eth_getBlockByNumber':
        case 'eth_getBlockByHash':
          return tellBlock(numberOf(first, chain), second)
        case 'eth_getBlockReceipts':
          return tell(numberOf(first, chain), 'receipts', ({ receipts }) => receipts)
        case 'eth_getLogs':
          return tellLogs(first)
        case 'eth_getTransactionReceipt':
          return tellReceipt(first)
        default: {
          const constant = constants.get(method)
          if (!constant) throw new RangeError(`"${method}" is not replayed.`)
          return Buffer.from(constant)
        }
      }
    },
  }
  return chain
}

type Filter = {
  blockHash?: string
  fromBlock?: string
  toBlock?: string
  topics?: readonly (string | readonly string[] | null)[]
}

/** The block that a filter of logs is about, and the first topics that it lets through, all where there are none. */
function readFilter(filter: unknown): { block: unknown; topics: string[] | undefined } {
  const { blockHash, fromBlock, toBlock, topics = [] } = (filter ?? {}) as Filter
  if (blockHash === undefined && fromBlock !== toBlock) throw new RangeError('Not one block.')
  const block = blockHash ?? fromBlock
  return { block, topics: topics[0] ? [topics[0]].flat() : undefined }
}

function logsOf(receipts: Source['receipts'], topics: readonly string[] | undefined): unknown[] {
  const logs = receipts.flatMap((receipt) => receipt.logs)
  return topics ? logs.filter(({ topics: [topic = ''] }) => topics.includes(topic)) : logs
}

function placeOf(number: number): Place {
  const time = firstTime + (number - firstNumber) * secondsPerBlock
  return { number, hash: hashOf(number), parentHash: hashOf(number - 1), time }
}

const numberDigits = 16

/** Ends in the number, so that the number of a hash is known without remembering it. */
export function hashOf(number: number, of = 'block'): string {
  const digest = createHash('sha256').update(`${of} ${number}`).digest('hex')
  return `0x${digest.slice(numberDigits)}${number.toString(16).padStart(numberDigits, '0')}`
}

/** The number of a block that is asked for by name, number or hash; `undefined` where there is none. */
function numberOf(block: unknown, { head }: Pick<ReplayChain, 'head'>): number | undefined {
  if (block === 'latest') return head
  if (block === 'finalized') return Math.max(firstNumber, head - finalDepth)
  if (typeof block !== 'string' || !/^0x[0-9a-f]+$/.test(block)) {
    throw new RangeError(`"${block}" is no block.`)
  }
  if (block.length < 66) return Number(block)
  const number = Number.parseInt(block.slice(-numberDigits), 16)
  return hashOf(number) === block ? number : undefined
}
