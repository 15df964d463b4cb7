import { SilenceNotFoundError } from '#errors/silence.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import type { Signed, Silence } from '#types/standing.ts'
import { formatTime } from '#utils/formatTime.ts'
import { handleOf } from '#utils/handleOf.ts'
import { redrawSilenced } from './redrawSilenced.ts'

/** Keeps alerts of a case from being posted, until a time; they are recorded and counted all the same. */
export async function silence(
  context: Context,
  {
    seconds,
    by,
    ...what
  }: Pick<Silence, 'caseId' | 'topic' | 'address' | 'path' | 'why'> & {
    seconds: number
    by: Signed
  },
): Promise<Silence> {
  return await decide(context, async () => {
    const until = by.at + seconds
    const id = handleOf(`${JSON.stringify(what)} ${by.account} ${by.at}`)
    const result: Silence = { id, ...what, until, by }
    const text = `Silenced ${describeSilence(result)} until ${formatTime(until)}: ${what.why}`
    return {
      ...(await redrawSilenced(context, result, new Map(context.standing.silence).set(id, result))),
      standing: [{ kind: 'silence', key: id, value: result }],
      timeline: [
        { caseId: what.caseId, key: `silence:${id}`, at: by.at, kind: 'decision', by, text },
      ],
      result,
    }
  })
}

/** What a silence is about, for people. */
export function describeSilence({ topic, address, path }: Silence): string {
  if (address !== null) return `everything at ${address}`
  if (path !== null) return `the path ${path.split(':').at(-1)}`
  return topic === null ? 'everything' : `everything about ${topic}`
}

/**
 * Ends a silence before its time.
 * @throws SilenceNotFoundError
 */
export async function unsilence(
  context: Context,
  { id, by }: { id: string; by: Signed },
): Promise<Silence> {
  return await decide(context, async () => {
    const result = context.standing.silence.get(id)
    if (!result) {
      throw new SilenceNotFoundError({ id, known: [...context.standing.silence.keys()] })
    }
    const { caseId } = result
    const text = `Ended the silence on ${describeSilence(result)}.`
    return {
      ...(await redrawSilenced(context, result, without(context.standing.silence, id))),
      standing: [{ kind: 'silence', key: id, value: null }],
      timeline: [{ caseId, key: `unsilence:${id}`, at: by.at, kind: 'decision', by, text }],
      result,
    }
  })
}

/** A copy of a map without one of its entries. */
export function without<Value>(map: ReadonlyMap<string, Value>, key: string): Map<string, Value> {
  const copy = new Map(map)
  copy.delete(key)
  return copy
}
