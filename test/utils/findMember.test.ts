import { describe, expect, test } from 'vitest'
import { memberOf } from '#test/support/fakeContext.ts'
import type { Member, Role } from '#types/member.ts'
import { findMember, mayRun } from '#utils/findMember.ts'

function membersOf({ settings, granted }: { settings?: Role; granted?: Role }) {
  const as = (role: Role): Member => ({ ...memberOf(role), account: 'slack:U1' })
  return {
    house: { members: settings ? [as(settings)] : [] },
    standing: { member: new Map(granted ? [['slack:U1', as(granted)]] : []) },
  }
}

describe('findMember', () => {
  test.each<[settings: Role | undefined, granted: Role | undefined, role: Role | undefined]>([
    [undefined, undefined, undefined],
    ['viewer', undefined, 'viewer'],
    [undefined, 'lead', 'lead'],
    ['viewer', 'lead', 'lead'],
    ['lead', 'viewer', 'viewer'],
    ['admin', 'viewer', 'admin'],
  ])('default: %s in the settings and %s granted is %s', (settings, granted, role) => {
    const found = findMember(
      membersOf({ ...(settings && { settings }), ...(granted && { granted }) }),
      'slack:U1',
    )
    expect(found?.role).toBe(role)
  })

  test('behavior: another account is another person', () => {
    expect(findMember(membersOf({ settings: 'admin' }), 'slack:u1')).toBeNull()
    expect(findMember(membersOf({ granted: 'admin' }), '__proto__')).toBeNull()
  })
})

describe('mayRun', () => {
  test('default: a role includes those before it, and anyone is anyone', () => {
    expect(mayRun({ role: 'responder' }, memberOf('lead'))).toBe(true)
    expect(mayRun({ role: 'responder' }, memberOf('viewer'))).toBe(false)
    expect(mayRun({ role: 'viewer' }, null)).toBe(false)
    expect(mayRun({ role: 'anyone' }, null)).toBe(true)
  })
})
