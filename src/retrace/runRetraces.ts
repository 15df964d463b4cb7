import { StoreError } from '#errors/store.ts'
import { UserError } from '#errors/userError.ts'
import type { Context } from '#src/context.ts'
import { workOff } from '#utils/workOff.ts'
import { type RetraceEnd, retraceCase } from './retraceCase.ts'

/**
 * Retraces every case that decisions ask for, one after the other, until the signal is given; what was asked for before
 * a crash too. One that fails is tried again after the others.
 * @throws StoreError
 */
export async function runRetraces(
  context: Context,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  await workOff(context.outbox, {
    find: () => [...context.standing.retrace.keys()],
    work: (caseId) => tryRetrace(context, caseId, signal),
    signal,
  })
}

/** Answers whether it must not be tried again before something changes. */
async function tryRetrace(context: Context, caseId: string, signal: AbortSignal): Promise<boolean> {
  const open = context.cases.get(caseId)
  if (!open) return true
  try {
    let end: RetraceEnd = 'overtaken'
    while (end === 'overtaken' && context.standing.retrace.has(caseId)) {
      end = await retraceCase(context, open, { signal })
    }
    context.log.info({ case: caseId, end }, 'Retraced')
    return true
  } catch (error) {
    if (error instanceof StoreError || !(error instanceof UserError)) throw error
    context.log.error({ err: error, case: caseId }, 'A retrace failed')
    return false
  }
}
