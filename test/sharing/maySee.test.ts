import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { audienceOfCase, includes } from '#src/sharing/audience.ts'
import { maySee, viewerOf, viewerOfChannel } from '#src/sharing/maySee.ts'
import { bareRules, caseOf } from '#test/support/followRows.ts'
import type { House } from '#types/houseRules.ts'
import type { Member } from '#types/member.ts'
import type { OrganizationFile } from '#types/organization.ts'
import type { ChannelSettings, Mark, Standing } from '#types/standing.ts'
import { type Tlp, tlpMarks } from '#types/tlp.ts'

const organizations = ['acme', 'beta', 'core']
const organization = fc.constantFrom(...organizations, null)
const accounts = ['slack:U1', 'slack:U2', 'slack:U3']
const channels = [
  'slack:C1',
  'slack:C2',
  'slack:C3',
  ...accounts.map((id) => id.replace(':', ':@')),
]

const arbitraryMember = (account: string): fc.Arbitrary<Member> =>
  fc.record({
    account: fc.constant(account),
    name: fc.constant(account),
    role: fc.constantFrom('viewer', 'lead', 'admin'),
    organization,
  })

const arbitraryHouse = fc.record({
  members: fc
    .tuple(...accounts.map((account) => fc.option(arbitraryMember(account))))
    .map((members) => members.filter((member) => member !== null)),
  owner: fc.constantFrom(...organizations, null, 'settings'),
  tlp: fc.constantFrom(...tlpMarks, null),
  fallback: fc.constantFrom(...tlpMarks),
  named: fc.uniqueArray(fc.constantFrom(...organizations, ...accounts), { maxLength: 3 }),
  bound: fc.tuple(organization, organization, organization),
  by: fc.constantFrom('command', 'route', 'settings', 'desk'),
})
type Made = typeof arbitraryHouse extends fc.Arbitrary<infer Value> ? Value : never

function build({ members, owner, tlp, fallback, named, bound, by }: Made) {
  const signed = { account: 'x', name: 'x', at: 1 }
  const standing = {
    ...{ member: new Map(), mark: new Map(), case: new Map(), channel: new Map() },
    ...{ organization: new Map() },
  } as unknown as Standing
  const opener = { ...signed, organization: owner === 'settings' ? 'acme' : owner }
  const file = { caseId: 'test', state: 'open' as const, by: opener }
  standing.case.set('test', { ...file, case: owner === 'settings' ? null : caseOf([]) })
  const mark = { subject: 'case:test', named, by: { ...signed, organization: null } }
  if (tlp !== null) standing.mark.set('case:test', { ...mark, tlp } satisfies Mark)
  const house = { members, feeds: [], routes: [], organizations: [] } as House
  for (const [at, id] of bound.entries()) {
    if (id === null) continue
    const channel = `slack:C${at + 1}`
    const listed = { id, name: id, channels: [channel] }
    if (by === 'command') {
      standing.channel.set(channel, { channel, organization: id } as ChannelSettings)
    } else if (by === 'route') {
      const route = { channel, organization: id } as House['routes'][number]
      Object.assign(house, { routes: [...house.routes, route] })
    } else if (by === 'settings') {
      Object.assign(house, { organizations: [...house.organizations, listed] })
    } else standing.organization.set(`${id} ${at}`, listed as unknown as OrganizationFile)
  }
  return { standing, house, rules: { ...bareRules, tlp: fallback } }
}

/** Written out by who may see what, without a thought of how it is kept. */
function naive(made: Made, who: { account?: string; channel?: string }): boolean {
  const mark: Tlp = made.tlp ?? made.fallback
  const named = made.tlp === null ? [] : made.named
  const owner = made.owner === 'settings' ? null : made.owner
  const isOpen = mark === 'GREEN' || mark === 'CLEAR'
  const isDirect = who.channel?.includes('@') ?? false
  const account = who.account ?? (isDirect ? who.channel?.replace('@', '') : undefined)
  if (account === undefined) {
    const whose = made.bound[Number(who.channel?.slice(-1)) - 1] ?? null
    // A channel that belongs to nobody is the house's own.
    return whose === null || isOpen || whose === owner || named.includes(whose)
  }
  const member = made.members.find((each) => each.account === account)
  if (!member) return false
  if (isOpen) return true
  const { organization: whose, role } = member
  if (whose !== null && (whose === owner || named.includes(whose))) return true
  if (mark === 'RED' && named.includes(account)) return true
  const isHouse = role === 'admin' || whose === null
  return isHouse && (!isDirect || mark === 'AMBER' || owner === null)
}

describe('maySee', () => {
  test('property: agrees with a naive reference over marks, owners, channels and people', () => {
    fc.assert(
      fc.property(arbitraryHouse, (made) => {
        const context = build(made)
        for (const account of accounts) {
          const member = made.members.find((each) => each.account === account) ?? null
          expect(maySee(context, viewerOf({ member }), 'test')).toBe(naive(made, { account }))
        }
        for (const channel of channels) {
          const viewer = viewerOfChannel(context, channel)
          expect(maySee(context, viewer, 'test')).toBe(naive(made, { channel }))
        }
      }),
      { numRuns: 2_000 },
    )
  })

  test('property: an audience that includes another admits everybody in it', () => {
    fc.assert(
      fc.property(arbitraryHouse, arbitraryHouse, (made, other) => {
        const context = build(made)
        const second = build({ ...other, members: made.members, bound: made.bound })
        if (!includes(audienceOfCase(context, 'test'), audienceOfCase(second, 'test'))) return
        const everybody = [
          ...accounts.map((account) =>
            viewerOf({ member: made.members.find((each) => each.account === account) ?? null }),
          ),
          ...channels.map((channel) => viewerOfChannel(context, channel)),
        ]
        for (const viewer of everybody) {
          if (maySee(second, viewer, 'test')) expect(maySee(context, viewer, 'test')).toBe(true)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
