import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ethereum } from '#config/chains/ethereum.ts'
import { UserError } from '#errors/userError.ts'
import { type FreezeFacts, followHops, undoHops } from '#src/freeze/followHops.ts'
import { type FreezeAct, moveFreeze } from '#src/freeze/moveFreeze.ts'
import { arrivedAt, heldIn, leftFrom, presentAt, returnedIn, stateOf } from '#src/freeze/stateOf.ts'
import { declineReasons, type Freeze, freezeStates } from '#types/freeze.ts'
import type { Hop } from '#types/trail.ts'

const asset = ethereum.native
const deposit = '0xde'
const facts: FreezeFacts = {
  ownerOf: (address) =>
    address === deposit ? { id: 'beta', kind: 'label', text: 'labelled', confidence: 0.9 } : null,
  isLabelled: (address) => address === deposit,
  accountOf: () => undefined,
  stolenAt: () => 0n,
  isDust: () => false,
  wasSwept: () => false,
  restKnown: () => undefined,
  isDrill: false,
  days: 30,
}

function hopOf(at: number, from: string, to: string, amount: bigint): Hop {
  return {
    ...{ caseId: 'acme', chain: ethereum.id, block: at, time: at * 12, transaction: `0x${at}` },
    ...{ position: 'v', from, to, asset: asset.id, amount, stolen: [amount, amount, amount] },
    ...{ hops: 1, stop: to === '0xa1' ? 'victim' : null, isFirstContact: false, isSplit: false },
    ...{ isMerger: false, path: from, idleSeconds: 0 },
  }
}

const acts: fc.Arbitrary<FreezeAct> = fc.oneof(
  fc.constant<FreezeAct>({ type: 'approve', desk: ['slack:C1'] }),
  fc.constant<FreezeAct>({ type: 'deliver' }),
  fc.constant<FreezeAct>({ type: 'see' }),
  fc.record({
    type: fc.constant('hold' as const),
    amount: fc.option(fc.bigInt(-1n, 60n)),
    until: fc.constant(9_999),
  }),
  fc.constant<FreezeAct>({ type: 'make durable', note: '' }),
  fc
    .constantFrom(...declineReasons)
    .map((reason) => ({ type: 'decline', reason, note: '' }) as const),
  fc.constant<FreezeAct>({ type: 'release', note: '' }),
  fc.constant<FreezeAct>({ type: 'renew', until: 20_000 }),
  fc.record({
    type: fc.constant('return' as const),
    amount: fc.option(fc.bigInt(-1n, 60n)),
    note: fc.constant(''),
  }),
  fc.constant<FreezeAct>({ type: 'expire' }),
  fc.constant<FreezeAct>({ type: 'withdraw', note: '' }),
)

/** What a person or the chain does next; `undo` takes the last blocks back. */
const happening = fc.oneof(
  { weight: 4, arbitrary: acts.map((act) => ({ act })) },
  { weight: 2, arbitrary: fc.bigInt(1n, 40n).map((come) => ({ come })) },
  {
    weight: 2,
    arbitrary: fc.record({ go: fc.bigInt(1n, 40n), to: fc.constantFrom('0x99', '0xa1') }),
  },
  { weight: 1, arbitrary: fc.nat({ max: 4 }).map((undo) => ({ undo })) },
)

test('people, clocks, blocks and reorganizations in any order: no more is held than there is, no answer is lost', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
      let freezes = new Map<string, Freeze>()
      let at = 0
      /** Every word that a person has said and that was taken. */
      let answers = 0
      for (const each of happenings) {
        at += 1
        if ('act' in each) {
          const open = [...freezes.values()].at(-1)
          if (!open) continue
          try {
            const moved = moveFreeze(open, each.act, { by: null, at, asset })
            freezes.set(moved.id, moved)
            answers += 1
          } catch (error) {
            // What cannot be is said in a sentence, and nothing has changed.
            expect(error).toBeInstanceOf(UserError)
            expect(String(error)).toContain('"')
            expect(freezes.get(open.id)).toBe(open)
          }
        } else {
          const book = { freezes, deposits: new Map() }
          const hop = 'come' in each ? hopOf(at, '0x11', deposit, each.come) : null
          // Nobody pays out more than is there.
          const there = [...freezes.values()].reduce((sum, freeze) => sum + presentAt(freeze), 0n)
          const gone =
            'go' in each && each.go <= there ? hopOf(at, deposit, each.to, each.go) : null
          const changed =
            'undo' in each
              ? undoHops(book, at - each.undo)
              : followHops(book, [hop ?? gone ?? []].flat(), facts)
          // The same block, followed twice, changes nothing more.
          const after = new Map([...freezes, ...changed.freezes])
          if (hop) {
            const again = followHops({ freezes: after, deposits: new Map() }, [hop], facts)
            for (const [id, freeze] of again.freezes) {
              expect(arrivedAt(freeze)).toBe(arrivedAt(after.get(id) ?? freeze))
            }
          }
          freezes = after
        }
        for (const freeze of freezes.values()) {
          expect(freezeStates).toContain(stateOf(freeze))
          expect(heldIn(freeze)).toBeGreaterThanOrEqual(0n)
          expect(heldIn(freeze)).toBeLessThanOrEqual(presentAt(freeze))
          const out = heldIn(freeze) + leftFrom(freeze)
          if (leftFrom(freeze) + freeze.returned <= arrivedAt(freeze)) {
            expect(out + freeze.returned).toBeLessThanOrEqual(arrivedAt(freeze))
          }
          expect(returnedIn(freeze)).toBeGreaterThanOrEqual(freeze.returned)
        }
      }
      const said = [...freezes.values()].reduce((sum, { history }) => sum + history.length - 1, 0)
      expect(said).toBe(answers)
    }),
    { numRuns: 500 },
  )
})

test('an undone block changes no answer: what was held is held again when it comes back', () => {
  const book = (freeze: Freeze) => ({
    freezes: new Map([[freeze.id, freeze]]),
    deposits: new Map(),
  })
  const [drafted] = followHops(
    { freezes: new Map(), deposits: new Map() },
    [hopOf(1, '0x11', deposit, 100n)],
    facts,
  ).freezes.values()
  const when = { by: null, at: 1, asset }
  const approved = moveFreeze(drafted!, { type: 'approve', desk: ['slack:C1'] }, when)
  const held = moveFreeze(approved, { type: 'hold', amount: 70n, until: null }, when)
  expect(stateOf(held)).toBe('partly held')
  const [left] = followHops(book(held), [hopOf(2, deposit, '0x99', 30n)], facts).freezes.values()
  expect([stateOf(left!), heldIn(left!)]).toEqual(['held', 70n])
  const [gone] = followHops(book(left!), [hopOf(3, deposit, '0x99', 50n)], facts).freezes.values()
  expect([stateOf(gone!), heldIn(gone!)]).toEqual(['held', 20n])
  const [back] = undoHops(book(gone!), 2).freezes.values()
  expect([stateOf(back!), heldIn(back!)]).toEqual(['held', 70n])
  const [never] = undoHops(book(back!), 0).freezes.values()
  expect([stateOf(never!), heldIn(never!)]).toEqual(['withdrawn', 0n])
  expect(() => moveFreeze(back!, { type: 'return', amount: 71n, note: '' }, when)).toThrow(
    /"<0.000001 ETH" is not what the freeze/,
  )
})
