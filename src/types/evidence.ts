import type { Address, Asset, ChainId, Token, Transaction } from './chain.ts'
import type { ReplyFile } from './message.ts'

/** A transaction as a chain has it now. */
export type FoundTransaction =
  | {
      where: 'there'
      transaction: Transaction
      /** Place in its block. */
      index: number
      /** Unix seconds. */
      time: number
    }
  /** In another block than was asked for. */
  | { where: 'elsewhere'; blockHash: string }
  | { where: 'nowhere' }

/** What an evidence reader may be asked about: one asset and the tokens that count as it. */
export type EvidenceAsset = {
  chain: ChainId
  asset: Asset
  isNative: boolean
  tokens: readonly Token[]
}

/**
 * Reads what evidence claims from one node, which is the reader's own: at most two calls a transaction, three
 * where contracts paid in it, and four an address. Each method throws CannotCheckError where the node does not know.
 */
export type EvidenceReader = {
  /** Number of the newest block. */
  readHead(): Promise<number>
  readTransaction(at: {
    hash: string
    block: number
    blockHash: string
    /** What contracts paid is asked for too, by one call more. */
    isTraced: boolean
  }): Promise<FoundTransaction>
  /** Base units that an address held after a block, tokens that count as the asset included. */
  readBalance(at: { address: Address; block: number }): Promise<bigint>
  /** Transactions that it had sent after a block. */
  readNonce(at: { address: Address; block: number }): Promise<number>
  /** Transactions with transfers of a token from or to it in blocks behind `from`, up to `to`. */
  readTokenMoves(span: { address: Address; from: number; to: number }): Promise<string[]>
}

/** How a check of evidence ended: `noted` is told and changes nothing. */
export type Verdict = 'agrees' | 'differs' | 'unchecked' | 'noted'

/** In what a packet differs from the chain, or from itself. */
export type Fault =
  | 'changed'
  | 'forged'
  | 'other key'
  | 'lying label'
  | 'lying asset'
  | 'omitted'
  | 'never happened'
  | 'wrong amount'
  | 'wrong time'
  | 'wrong source'

/** One thing that was checked. */
export type Check = {
  verdict: Verdict
  /** What was checked: an entry, a transaction, an address. */
  subject: string
  text: string
  /** Where it differs. */
  fault?: Fault
}

/** A document as people read it: lines of a name and a value, in parts. */
export type PrintedDocument = {
  title: string
  parts: { title: string; lines: { name: string; value: string }[] }[]
}

/** What a house makes evidence with. */
export type EvidenceOffice = {
  /** Public Ed25519 key of the house, base64url. */
  key: string
  sign(text: string): string
  /** Keeps the house's own copy. Answers the folder. */
  keep(files: readonly ReplyFile[]): Promise<string>
  printPdf(document: PrintedDocument): Promise<Uint8Array>
}
