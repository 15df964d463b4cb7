import type { Alert } from '#types/alert.ts'
import type { Hop } from '#types/trail.ts'

/** A hop of 10 base units, of which the three policies say 9, 10 and 8 are stolen. */
export function testHop(changes: Partial<Hop> = {}): Hop {
  return {
    caseId: 'test',
    chain: 'eip155:1',
    block: 100,
    time: 0,
    transaction: `0x${'7'.repeat(64)}`,
    position: 'v',
    from: `0x${'1'.repeat(40)}`,
    to: `0x${'2'.repeat(40)}`,
    asset: 'eip155:1/slip44:60',
    amount: 10n,
    stolen: [9n, 10n, 8n],
    hops: 1,
    stop: null,
    isFirstContact: true,
    isSplit: false,
    idleSeconds: 60,
    ...changes,
  }
}

/** An alert about `testHop`. */
export function testAlert({
  kind = 'moved',
  from = `0x${'1'.repeat(40)}`,
  to = `0x${'2'.repeat(40)}`,
  time = 0,
}: {
  kind?: Alert['kind']
  from?: string
  to?: string
  time?: number
} = {}): Alert {
  const hop = testHop({ from, to, time })
  return {
    id: `test:eip155:1:${hop.transaction}:v:${kind}`,
    kind,
    severity: 'info',
    caseId: 'test',
    address: to,
    time,
    block: hop.block,
    transaction: hop.transaction,
    hop,
    otherCases: [],
  }
}
