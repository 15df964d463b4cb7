import type { Settings } from '#config/settings.ts'

/** Rules that the ledgers were made with: others would be a mixture. */
const tracingRules = ['dustPerMillion', 'busyStrangers'] as const

/** What a reading of the settings puts in force at once, and what waits for a restart. */
export type Reload = {
  rules: Settings['rules']
  house: Settings['house']
  changed: string[]
  needsRestart: string[]
}

/** Compares settings in force with those read anew. */
export function compareSettings(current: Settings, next: Settings): Reload {
  const rules = {
    ...next.rules,
    dustPerMillion: current.rules.dustPerMillion,
    busyStrangers: current.rules.busyStrangers,
  }
  const { house } = next
  const parts: [string, unknown, unknown][] = [
    ['rules', current.rules, rules],
    ['organizations', current.house.organizations, house.organizations],
    ['members', current.house.members, house.members],
    ['routes', current.house.routes, house.routes],
  ]
  const fixed: [string, unknown, unknown][] = [
    ['database', current.database, next.database],
    ['chains', current.chains, next.chains],
    ['cases', current.cases, next.cases],
    ['labels', current.labels, next.labels],
    ['slack', current.slack, next.slack],
    ['discord', current.discord, next.discord],
    ['feeds', current.house.feeds, house.feeds],
    ...tracingRules.map((rule): [string, unknown, unknown] => [
      `rules.${rule}`,
      current.rules[rule],
      next.rules[rule],
    ]),
  ]
  return {
    rules,
    house: { ...house, feeds: current.house.feeds },
    changed: namesOf(parts),
    needsRestart: namesOf(fixed),
  }
}

function namesOf(parts: readonly [string, unknown, unknown][]): string[] {
  return parts.filter(([, before, after]) => !isSame(before, after)).map(([name]) => name)
}

function isSame(before: unknown, after: unknown): boolean {
  return print(before) === print(after)
}

function print(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'bigint' ? String(each) : each,
  )
}
