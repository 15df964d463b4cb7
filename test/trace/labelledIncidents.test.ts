import { describe, expect, test } from 'vitest'
import { type Incident, readIncident, usd } from '#test/support/readIncident.ts'
import { stolenIn } from '#trace/policies.ts'
import { traceTransactions } from '#trace/traceTransactions.ts'
import { type PolicyName, policyNames } from '#types/trail.ts'

/** `ceiling`: terminals that occur in the flows at all, as the data's own notes say. */
const incidents = [
  {
    name: 'TxPhish',
    flows: 292,
    terminals: 13,
    ceiling: 13,
    reachedBy: { fifo: 11, lifo: 10, haircut: 13, 'taint-first': 11, 'clean-first': 12 },
  },
  {
    name: 'HB',
    flows: 3887,
    terminals: 14,
    ceiling: 11,
    reachedBy: { fifo: 9, lifo: 11, haircut: 11, 'taint-first': 11, 'clean-first': 9 },
  },
] as const

describe.each(incidents)('labelled incident $name', ({
  name,
  flows,
  terminals,
  ceiling,
  reachedBy,
}) => {
  const given = readIncident(name)

  test('behavior: is read whole', async () => {
    const incident = await given
    expect(incident.transactions).toHaveLength(flows)
    expect(incident.terminals).toHaveLength(terminals)
  })

  test('behavior: poison reaches every terminal that can be reached', async () => {
    expect(reached(await given, 'poison')).toHaveLength(ceiling)
  })

  test.each(
    policyNames.filter((policy) => policy !== 'poison'),
  )('behavior: %s balances and reaches none that poison does not', async (policy) => {
    const incident = await given
    const { ledger } = trace(incident, policy)
    const held = [...ledger.accounts.values()].reduce(
      (sum, { holdings: [holding] }) => sum + (holding ? stolenIn(holding) : 0n),
      0n,
    )
    expect(held).toBe(incident.sources.reduce((sum, { amount }) => sum + amount, 0n))
    expect(reached(incident, 'poison')).toEqual(expect.arrayContaining(reached(incident, policy)))
    expect(reached(incident, policy)).toHaveLength(reachedBy[policy])
  })

  test('behavior: a rival that stops after two hops is left behind', async () => {
    const incident = await given
    const { ledger } = trace(incident, 'poison')
    const near = incident.terminals.filter((address) =>
      ledger.accounts.get(address)?.holdings.some(({ hops }) => hops <= 2),
    )
    expect(near.length).toBeLessThan(ceiling)
  })
})

function trace({ transactions, sources }: Incident, policy: PolicyName) {
  const options = { asset: usd, policy, sources, serviceOf: () => null }
  return traceTransactions(transactions, options)
}

function reached(incident: Incident, policy: PolicyName): string[] {
  const { accounts } = trace(incident, policy).ledger
  return incident.terminals.filter((address) => accounts.has(address))
}
