import type { Message } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Context } from './context.ts'

/** Tells every chat something about the following of cases that no block brought; it is delivered like any alert. */
export async function tellCases(
  context: Context,
  cases: readonly OpenCase[],
  { what, revision, message }: { what: string; revision: number; message: Message },
): Promise<void> {
  const [first] = cases
  if (!first) return
  // Once for all of them: they stand or fall together.
  const alert = `${first.case.id}:${first.case.chain}:${what}`
  const names = cases.map(({ case: theft }) => theft.name).join(', ')
  const section = { type: 'fields' as const, fields: [{ name: 'Case', value: names }] }
  const told = { ...message, sections: [...message.sections, section] }
  const channels = context.chats.map(({ name }) => name)
  const tellings = [{ alert, revision, message: told }]
  await context.store.saveTellings(tellings, { channels, now: context.now() })
  context.outbox.ring()
}
