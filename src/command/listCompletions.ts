import type { Context } from '#src/context.ts'
import type { Command } from '#src/defineCommand.ts'
import { freezesFor } from '#src/freeze/actOnFreeze.ts'
import { listOrganizations } from '#src/organization/listOrganizations.ts'
import { serviceKinds } from '#types/label.ts'
import type { Member } from '#types/member.ts'
import type { Severity } from '#types/message.ts'
import { topics } from '#types/topic.ts'
import { policyNames } from '#types/trail.ts'
import { handleOf } from '#utils/handleOf.ts'
import type { Completion } from './optionsOf.ts'

/** What labels say beside the kinds of service. */
const otherKinds = ['sanctioned', 'phish-hack', 'thief', 'token', 'other']

const severities: readonly Severity[] = ['red', 'amber', 'info']

type Asked = {
  commands: readonly Command[]
  partial: string
  limit: number
  /** Who asks: what others may not see is not offered to them. */
  member: Member | null
}

/** What an option may be completed with; may hold more than what begins like `partial`. */
export async function listCompletions(
  context: Context,
  what: Completion,
  { commands, partial, limit, member }: Asked,
): Promise<Iterable<string>> {
  const { cases, chains, house, standing } = context
  switch (what) {
    case 'address':
      return findAddresses(context, partial, limit)
    case 'alert':
      return listHandles(context)
    case 'case':
      return cases.keys()
    case 'chain':
      return chains.keys()
    case 'channel':
      return listChannels(context)
    case 'command':
      return new Set(commands.flatMap(({ name }) => [name.split(' ', 1)[0] ?? '', name]))
    case 'feed':
      return standing.feed.keys()
    case 'flag':
      return [...standing.flag.values()].filter((flag) => !flag.withdrawn).map(({ id }) => id)
    case 'freeze':
      return listFreezes(context, member)
    case 'label-kind':
      return [...serviceKinds, ...otherKinds]
    case 'member':
      return new Set([...house.members.map(({ account }) => account), ...standing.member.keys()])
    case 'organization':
      return listOrganizations(context).map(({ id }) => id)
    case 'policy':
      return policyNames
    case 'request':
      return standing.access.keys()
    case 'silence':
      return [...standing.silence.values()].map(({ id }) => id)
    case 'topic':
      return topics
  }
}

/** Addresses on the trails; at least a digit must be there, since every address begins with 0x. */
async function findAddresses(
  { cases, store }: Context,
  partial: string,
  limit: number,
): Promise<Set<string>> {
  const found = new Set<string>()
  if (!/^0x[0-9a-f]{1,40}$/i.test(partial)) return found
  for (const caseId of cases.keys()) {
    if (found.size >= limit) break
    const addresses = await store.findAddresses(caseId, partial.toLowerCase(), { limit })
    for (const address of addresses) found.add(address)
  }
  return found
}

/** Handles of alerts that may still change, the worst first, then the newest. Made one by one, as they are asked for. */
function* listHandles({ cases }: Context): Generator<string> {
  const alerts = [...cases.values()]
    .flatMap(({ told }) => [...told.values()])
    .map(({ id, block, tellings }) => {
      const severity = tellings.at(-1)?.group.severity
      return { id, block, rank: severity ? severities.indexOf(severity) : severities.length }
    })
    .sort((a, b) => a.rank - b.rank || b.block - a.block)
  for (const { id } of alerts) yield handleOf(id)
}

function listFreezes(context: Context, member: Member | null): string[] {
  return member === null ? [] : freezesFor(context, member).map(({ id }) => id)
}

/** Where the house talks: homes of its chats, its routes, and channels that have set or subscribed to something. */
function listChannels({ chats, house, standing }: Context): Set<string> {
  return new Set([
    ...chats.flatMap(({ home }) => home ?? []),
    ...house.routes.map(({ channel }) => channel),
    ...[...standing.channel.values()].map(({ channel }) => channel),
    ...[...standing.subscription.values()].map(({ channel }) => channel),
  ])
}
