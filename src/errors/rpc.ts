import { quote } from './quote.ts'
import { UserError } from './userError.ts'

/** What one node said, by its host alone: the rest of a URL may hold a key. */
export type NodeAnswer = { host: string; reason: string }

/** Every node of a chain was asked, some of them often. */
export class ProviderError extends UserError {
  override name = 'ProviderError'
  override retryable = true
  constructor({ chain, answers }: { chain: string; answers: readonly NodeAnswer[] }) {
    super(`No node of the chain ${quote(chain)} gave a usable answer: ${listAnswers(answers)}.`, {
      hint: 'It is tried again. Should it go on, check the nodes or add another one.',
    })
  }
}

/** No node may be used, however often it is asked. */
export class WrongChainError extends UserError {
  override name = 'WrongChainError'
  constructor({ chain, answers }: { chain: string; answers: readonly NodeAnswer[] }) {
    super(`No node belongs to the chain ${quote(chain)}: ${listAnswers(answers)}.`, {
      hint: 'Correct the URLs of its nodes.',
    })
  }
}

/** Says which of the URLs it is by its place: what it holds may be a key. */
export class InvalidNodeUrlError extends UserError {
  override name = 'InvalidNodeUrlError'
  constructor({ chain, place }: { chain: string; place: string }) {
    super(`The URL of the ${place} of the chain ${quote(chain)} is not one.`, {
      hint: 'Write it whole, such as https://node.example/key or wss://node.example/key.',
    })
  }
}

/**
 * One node failed once. Its reason is clean of the node's URL; what was thrown before is dropped, since it holds it.
 * `limit` asks for fewer calls, `method` does not know the call, `refused` is any other error that the node answered,
 * `answer` is one that cannot be right, `chain` belongs to another chain, `transport` is all that lies below.
 */
export class NodeFailure extends Error {
  override name = 'NodeFailure'
  readonly kind: 'transport' | 'limit' | 'method' | 'refused' | 'answer' | 'chain'
  /** Milliseconds that the node asks to be left alone. */
  readonly retryAfterMs: number | undefined

  constructor(
    reason: string,
    { kind, retryAfterMs }: { kind: NodeFailure['kind']; retryAfterMs?: number | undefined },
  ) {
    super(reason)
    this.kind = kind
    this.retryAfterMs = retryAfterMs
  }
}

function listAnswers(answers: readonly NodeAnswer[]): string {
  return answers.map(({ host, reason }) => `${quote(host)}: ${reason}`).join('; ')
}
