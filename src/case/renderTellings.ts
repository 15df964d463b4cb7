import { type AlertFacts, renderAlert, renderRetraction } from '#alert/renderAlert.ts'
import type { Context } from '#src/context.ts'
import type { AlertGroup, Telling, ToldAlert } from '#types/alert.ts'
import type { OpenCase } from '#types/openCase.ts'

/** What chats must show of told alerts that have changed. */
export function renderTellings(
  context: Context,
  open: OpenCase,
  told: readonly ToldAlert[],
): Telling[] {
  return told.flatMap(({ id, revision, state, tellings }) => {
    // What was retracted is told as it last was.
    const group = (tellings.at(-1) ?? open.told.get(id)?.tellings.at(-1))?.group
    if (!group) return []
    const facts = factsOf(context, open, group)
    const message =
      state === 'retracted' ? renderRetraction(group, facts) : renderAlert(group, facts, state)
    return { alert: id, revision, message }
  })
}

function factsOf(context: Context, open: OpenCase, { head }: AlertGroup): AlertFacts {
  const chain = context.chains.get(open.case.chain)
  const [first] = open.trail.ledgers.values()
  const ledger = head.hop ? open.trail.ledgers.get(head.hop.asset) : first
  if (!chain || !ledger) throw new RangeError('An alert belongs to a known chain and asset.')
  return { case: open.case, chain, ledger, labels: context.labels }
}
