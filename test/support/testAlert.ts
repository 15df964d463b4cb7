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
    isMerger: false,
    path: `0x${'2'.repeat(40)}`,
    idleSeconds: 60,
    ...changes,
  }
}

/** An alert about `testHop`; `to` starts its path unless told otherwise. */
export function testAlert({
  kind = 'moved',
  from = `0x${'1'.repeat(40)}`,
  to = `0x${'2'.repeat(40)}`,
  time = 0,
  path = to,
  severity = 'info',
  ...changes
}: {
  kind?: Alert['kind']
  from?: string
  to?: string
  time?: number
  path?: string
  severity?: Alert['severity']
} & Partial<Hop> = {}): Alert {
  const stop = kind === 'reached' ? 'mixer' : null
  const hop = testHop({ from, to, time, path, stop, ...changes })
  return {
    id: `test:eip155:1:${hop.transaction}:${hop.position}:${kind}`,
    kind,
    severity,
    reasons: severity === 'info' ? [] : [`${severity} for a reason`],
    caseId: 'test',
    path: `test:eip155:1:${path}`,
    address: to,
    time,
    block: hop.block,
    transaction: hop.transaction,
    hop,
    otherCases: [],
  }
}
