import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { z } from 'zod'
import { rules as shippedRules } from '#config/rules.ts'
import { UserError } from '#errors/userError.ts'
import type { FeedSettings } from '#types/feed.ts'
import type { House, HouseRules, Route } from '#types/houseRules.ts'
import type { LabelList } from '#types/label.ts'
import type { Member, Organization } from '#types/member.ts'
import { parseMin } from '#utils/parseMin.ts'
import { pickTopics } from '#utils/pickTopics.ts'
import { checkShape } from './checkShape.ts'
import type { Faults, Path } from './faults.ts'
import {
  adminSchema,
  feedSchema,
  labelsSchema,
  organizationSchema,
  routeSchema,
  rulesSchema,
} from './houseSchema.ts'

/** What the file says of the house itself. */
export type HouseSettings = { rules: HouseRules; house: House; labels: LabelList[] }

/** Whoever sits at the terminal of the machine may do everything. */
const atTerminal: Member = {
  account: 'terminal',
  name: 'terminal',
  role: 'admin',
  organization: null,
}

/** Rules, people, routes, lists and feeds of the file; what is left out is as it ships. */
export function toHouse(
  value: unknown,
  { file, faults }: { file: string; faults: Faults },
): HouseSettings {
  const given = sectionsOf(value)
  const { organizations, members } = readPeople(given, faults)
  return {
    rules: readRules(given.rules, faults),
    house: {
      organizations,
      members,
      routes: listOf(given.routes).flatMap((item, at) => readRoute(item, ['routes', at], faults)),
      feeds: readFeeds(listOf(given.feeds), { file, faults }),
    },
    labels: listOf(given.labels).flatMap((item, at) => {
      const path = ['labels', at]
      const list = checkShape(item, { schema: labelsSchema, path, faults })
      return list ? { ...list, file: fileUrl(list.file, file), licence: 'own' } : []
    }),
  }
}

function sectionsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function readRules(value: unknown, faults: Faults): HouseRules {
  if (value === undefined) return shippedRules
  const own = checkShape(value, { schema: rulesSchema, path: ['rules'], faults })
  if (!own) return shippedRules
  const { dustPerMillion, largePerMillion, freeze, ...plain } = own
  const kept = Object.fromEntries(
    Object.entries(plain).filter(([, each]) => each !== undefined),
  ) as Partial<HouseRules>
  return {
    ...shippedRules,
    ...kept,
    ...(dustPerMillion !== undefined && { dustPerMillion: BigInt(dustPerMillion) }),
    ...(largePerMillion !== undefined && { largePerMillion: BigInt(largePerMillion) }),
    ...(freeze && { freeze: toFreezeRules(freeze) }),
  }
}

function toFreezeRules(
  own: NonNullable<z.infer<typeof rulesSchema>['freeze']>,
): HouseRules['freeze'] {
  const { preApprove, ...plain } = own
  const kept = Object.fromEntries(
    Object.entries(plain).filter(([, each]) => each !== undefined),
  ) as Partial<HouseRules['freeze']>
  const rule = preApprove && {
    ...preApprove,
    leastPerMillion: BigInt(preApprove.leastPerMillion),
  }
  return { ...shippedRules.freeze, ...kept, ...(rule !== undefined && { preApprove: rule }) }
}

/** Each account has one role: which of two counts could not be known. */
function readPeople(
  given: Record<string, unknown>,
  faults: Faults,
): { organizations: Organization[]; members: Member[] } {
  const members = new Map<string, Member>()
  const ids = new Set<string>()

  function add(member: Member, path: Path): void {
    if (members.has(member.account)) faults.refuse(path, 'it is listed above, write it once')
    else members.set(member.account, member)
  }

  const organizations = listOf(given.organizations).flatMap((item, at) => {
    const path = ['organizations', at]
    const found = checkShape(item, { schema: organizationSchema, path, faults })
    if (!found) return []
    if (ids.has(found.id)) faults.refuse([...path, 'id'], 'it is listed above, write it once')
    ids.add(found.id)
    found.members.forEach((member, place) => {
      add({ ...member, organization: found.id }, [...path, 'members', place, 'account'])
    })
    const { id, name, channels } = found
    return { id, name, ...(channels && { channels }) }
  })
  listOf(given.admins).forEach((item, at) => {
    const path = ['admins', at]
    const account = checkShape(item, { schema: adminSchema, path, faults })
    if (account) add({ account, name: account, role: 'admin', organization: null }, path)
  })
  if (!members.has('terminal')) members.set('terminal', atTerminal)
  return { organizations, members: [...members.values()] }
}

function readRoute(item: unknown, path: Path, faults: Faults): Route[] {
  const route = checkShape(item, { schema: routeSchema, path, faults })
  if (!route) return []
  const { channel, case: caseId, chain = null, form, layout, organization } = route
  const topics = understand(() => pickTopics(route.topics), [...path, 'topics'], faults)
  const { min: text } = route
  const min = text === undefined ? null : understand(() => parseMin(text), [...path, 'min'], faults)
  if (!topics) return []
  const given = { channel, caseId, topics, min: min ?? null, chain, form, layout }
  return [{ ...given, ...(organization !== undefined && { organization }) }]
}

/** What a person's words mean; `undefined` where they mean nothing, and why is added to the faults. */
function understand<Value>(read: () => Value, path: Path, faults: Faults): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const sentence = error.message.replace(/\.$/, '')
    faults.refuse(path, error.hint ? `${sentence} (${error.hint.replace(/[.?]$/, '')})` : sentence)
    return undefined
  }
}

function readFeeds(
  items: readonly unknown[],
  { file, faults }: { file: string; faults: Faults },
): FeedSettings[] {
  const names = new Set<string>()
  return items.flatMap((item, at) => {
    const path = ['feeds', at]
    const feed = checkShape(item, { schema: feedSchema, path, faults })
    if (!feed) return []
    if (names.has(feed.name)) faults.refuse([...path, 'name'], 'it is listed above, write it once')
    names.add(feed.name)
    const from = whereFrom(feed, file)
    if (from === null) faults.add(path, 'needs either "url" or "file": write one of them')
    const { name, format, kind, source, confidence, staleAfterDays, schedule } = feed
    const incident = feed.incident ?? null
    return from === null
      ? []
      : [{ name, from, format, kind, source, confidence, staleAfterDays, schedule, incident }]
  })
}

function whereFrom(
  { url, file }: z.infer<typeof feedSchema>,
  settings: string,
): FeedSettings['from'] | null {
  if (url !== undefined && file === undefined) return { url }
  if (file !== undefined && url === undefined) return { file: resolve(dirname(settings), file) }
  return null
}

/** A file of the settings lies beside them. */
function fileUrl(path: string, settings: string): URL {
  return pathToFileURL(resolve(dirname(settings), path))
}
