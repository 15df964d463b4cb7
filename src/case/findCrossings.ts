import type { Context } from '#src/context.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Hop } from '#types/trail.ts'

/** A payment that goes on to another chain. */
export type CrossedHop = Hop & { crossing: NonNullable<Hop['crossing']> }

/** The newest payments of a case that bridges send on, and how many there are in all. */
export async function findCrossings(
  { store }: Pick<Context, 'store'>,
  { case: { id } }: OpenCase,
  { limit }: { limit: number },
): Promise<{ crossed: CrossedHop[]; count: number }> {
  let crossed: CrossedHop[] = []
  let count = 0
  for await (const page of store.scanHops(id, { since: 0, until: Number.MAX_SAFE_INTEGER })) {
    for (const hop of page) {
      const { crossing } = hop
      if (!crossing) continue
      count += 1
      crossed = [{ ...hop, crossing }, ...crossed].slice(0, limit)
    }
  }
  return { crossed, count }
}
