import { z } from 'zod'
import { tlpMarks } from '#types/tlp.ts'

/** The format that this Posse writes and reads. */
export const packetFormat = 'posse-evidence/1'

const amount = z.string().regex(/^(0|[1-9]\d{0,77})$/)
const signedAmount = z.string().regex(/^(0|-?[1-9]\d{0,77})$/)
const address = z.string().regex(/^(0x[0-9a-f]{40}|contract-creation:0x[0-9a-f]{64})$/)
const word = z.string().regex(/^0x[0-9a-f]{64}$/)
const block = z.int().min(-1)
/** Unix seconds that a date can be made of. */
const time = z
  .int()
  .min(0)
  .max(2 ** 33)
const text = z.string().max(2_000)
/** One for each of the policies: FIFO, and the two bounds. */
const amounts = z.tuple([amount, amount, amount])

/** What is claimed: all that a reader has to take from the packet. Amounts are base units in decimal digits. */
const question = z.strictObject({
  kind: z.literal('question'),
  case: z.strictObject({ id: text, name: text, isDrill: z.boolean() }),
  chain: z.string().regex(/^eip155:\d{1,20}$/),
  stolenAt: time,
  /** The block after which the sources held what was stolen. */
  followAfter: block,
  sources: z.array(z.strictObject({ address, amount })).min(1),
  asset: z.strictObject({ id: text, symbol: text, decimals: z.int().min(0).max(36) }),
  /** Contracts whose tokens count as the asset. */
  tokens: z.array(z.strictObject({ contract: address, wrapsNative: z.boolean() })),
  /** Where the stolen value came to, and the last block that counts. */
  address,
  until: block,
  rule: z.strictObject({
    version: z.literal(1),
    policies: z.tuple([z.literal('fifo'), z.literal('taint-first'), z.literal('clean-first')]),
    /** Payments of less to somebody new are not followed: base units. */
    dustFloor: amount,
  }),
  asked: z.strictObject({ what: text, days: z.int().min(0), mayTell: z.boolean() }),
  tlp: z.enum(tlpMarks),
  by: text,
  madeAt: time,
})

/** What somebody calls an address, and whether the trail ends there: `dust` and `busy` are rules of the house. */
const label = z.strictObject({
  kind: z.literal('label'),
  address,
  name: text,
  called: text,
  source: text,
  date: text,
  confidence: z.number().min(0).max(1),
  isStop: z.boolean(),
})

/** An address on the way, from its first stolen arrival to the last payment that matters. */
const account = z.strictObject({
  kind: z.literal('account'),
  address,
  /** The block before the first, and the last one. */
  from: block,
  to: block,
  /** After these blocks; `null` where nobody could say. */
  balances: z.strictObject({ from: amount, to: amount }).nullable(),
  nonces: z.strictObject({ from: z.int().min(0), to: z.int().min(0) }).nullable(),
  /** What the balance has that no transfer tells: moves inside contracts. */
  unexplained: signedAmount,
})

const transaction = z.strictObject({
  kind: z.literal('transaction'),
  hash: word,
  block,
  blockHash: word,
  time,
  transfers: z.array(
    z.strictObject({
      ...{ position: text, from: address, to: address, amount, stolen: amounts },
      /** Paid by a contract to whoever makes the block. */
      isFee: z.literal(true).optional(),
    }),
  ),
  fee: z.strictObject({ from: address, amount }).nullable(),
})

/** What came of it. */
const result = z.strictObject({
  kind: z.literal('result'),
  arrived: amounts,
  held: amounts,
  hops: z.int().min(1),
  /** The way by which it first came, the source first: the transfers of it. */
  path: z.array(z.strictObject({ transaction: word, position: text })).min(1),
})

const body = z.discriminatedUnion('kind', [question, label, account, transaction, result])

const hash = z.string().regex(/^[0-9a-f]{64}$/)

/** An entry is chained to the one before by its hash, which is that of all else in it. */
export const entrySchema = z.strictObject({ previous: hash, hash, body })

export const packetSchema = z.strictObject({
  format: z.literal(packetFormat),
  entries: z.array(entrySchema).min(3),
  /** Ed25519 over the last hash. */
  signature: z.strictObject({
    key: z.string().max(100),
    by: text,
    value: z.string().max(200),
  }),
})

export type PacketBody = z.infer<typeof body>
export type PacketQuestion = z.infer<typeof question>
export type PacketLabel = z.infer<typeof label>
export type PacketAccount = z.infer<typeof account>
export type PacketTransaction = z.infer<typeof transaction>
export type PacketResult = z.infer<typeof result>
export type PacketEntry = z.infer<typeof entrySchema>
export type Packet = z.infer<typeof packetSchema>

/** The parts of a packet, each kind by itself. */
export type PacketParts = {
  question: PacketQuestion
  labels: PacketLabel[]
  accounts: PacketAccount[]
  transactions: PacketTransaction[]
  result: PacketResult
}
