import { renderAlert } from '#alert/renderAlert.ts'
import { factsOf } from '#src/case/renderTellings.ts'
import type { Context } from '#src/context.ts'
import { hideCases } from '#src/sharing/hideCases.ts'
import type { ToldAlert } from '#types/alert.ts'
import type { Text } from '#types/message.ts'

/** The title of an alert as it was told last. */
export function titleOf(context: Context, { tellings }: ToldAlert): Text {
  const group = tellings.at(-1)?.group
  const open = group && context.cases.get(group.head.caseId)
  return open
    ? renderAlert(hideCases(context, group), factsOf(context, open, group)).title
    : 'an alert that was taken back'
}
