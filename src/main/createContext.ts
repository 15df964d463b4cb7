import { readLabels } from '#adapters/labels/readLabels.ts'
import { labelLists } from '#config/labels/index.ts'
import { rules as shippedRules } from '#config/rules.ts'
import { openCase, openingChange, resumeCase } from '#src/case/openCase.ts'
import { rulesOf } from '#src/case/rulesOf.ts'
import type { Context } from '#src/context.ts'
import type { Case } from '#types/case.ts'
import type { Chain } from '#types/chain.ts'
import type { Label } from '#types/label.ts'
import type { OpenCase } from '#types/openCase.ts'
import { createBell } from '#utils/createBell.ts'
import { indexLabels } from '#utils/indexLabels.ts'

/** Everything that a unit is handed. Cases go on where the store says they stand; new ones are opened in it. */
export async function createContext({
  cases,
  chains,
  rules = shippedRules,
  ...given
}: Pick<Context, 'chats' | 'labels' | 'log' | 'now' | 'store'> & {
  cases: readonly Case[]
  chains: readonly Chain[]
  /** @default the rules that ship */
  rules?: Context['rules']
}): Promise<Context> {
  const context: Context = {
    ...given,
    cases: new Map(),
    chains: new Map(chains.map((chain) => [chain.id, chain])),
    rules,
    outbox: createBell(),
  }
  for (const theft of cases) context.cases.set(theft.id, await openSaved(context, theft))
  return context
}

async function openSaved(context: Context, theft: Case): Promise<OpenCase> {
  const { store } = context
  const saved = await store.readCase(theft.id)
  if (saved) return resumeCase(theft, saved)
  const open = openCase(theft, rulesOf(context))
  await store.saveChanges([openingChange(open)], { channels: [], now: context.now() })
  return open
}

/** The labels that ship. They grow stale by the calendar of the person who reads them, also while an old theft replays. */
export async function readShippedLabels(today: Date): Promise<Context['labels']> {
  const lists: Label[][] = await Promise.all(
    labelLists.map(({ file, date, staleAfterDays, ...list }) => {
      const days = (today.getTime() - Date.parse(date)) / 86_400_000
      return readLabels(file, { ...list, date, isStale: days > staleAfterDays })
    }),
  )
  return indexLabels(lists.flat())
}
