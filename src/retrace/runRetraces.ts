import { StoreError } from '#errors/store.ts'
import { UserError } from '#errors/userError.ts'
import type { Context } from '#src/context.ts'
import { type RetraceEnd, retraceCase } from './retraceCase.ts'

/** Wait after a failure, in milliseconds: a node that is down is asked again. */
const retryMs = 30_000

/**
 * Retraces every case that decisions ask for, one after the other, until the signal is given; what was asked for before
 * a crash too. One that fails is tried again after the others.
 * @throws StoreError
 */
export async function runRetraces(
  context: Context,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const ear = context.outbox.listen()
  while (!signal.aborted) {
    let hasFailed = false
    for (const caseId of [...context.standing.retrace.keys()]) {
      if (!(await tryRetrace(context, caseId, signal))) hasFailed = true
    }
    await ear.wait({ signal, ...(hasFailed && { timeoutMs: retryMs }) })
  }
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
