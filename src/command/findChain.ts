import { UnknownChainError } from '#errors/case.ts'
import { MissingOptionError } from '#errors/input.ts'
import type { Context } from '#src/context.ts'
import type { Chain } from '#types/chain.ts'

/**
 * The chain that a person names by its id or name, or the only one.
 * @throws UnknownChainError, MissingOptionError
 */
export function findChain({ chains, follower }: Context, text?: string): Chain {
  const followed = follower.chains()
  const known = [...chains.values()].filter(({ id }) => followed.includes(id))
  if (text === undefined) {
    const [only] = known
    if (only && known.length === 1) return only
    if (!only) throw new UnknownChainError({ known: [] })
    throw new MissingOptionError({
      option: 'chain',
      usage: `chain:${known.map(({ id }) => id).join(' or chain:')}`,
    })
  }
  const wanted = text.toLowerCase()
  const found = known.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted)
  if (found) return found
  throw new UnknownChainError({ chain: text, known: known.map(({ id }) => id) })
}
