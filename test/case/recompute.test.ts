import { describe, expect, test } from 'vitest'
import { createRecordedChain } from '#adapters/chain/recorded/createRecordedChain.ts'
import { ronin } from '#config/cases/ronin/index.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { recompute } from '#src/case/recompute.ts'
import { runChain } from '#src/runChain.ts'
import { readRonin } from '#test/support/ronin.ts'
import { createTestContext } from '#test/support/testContext.ts'
import { totalsOf } from '#trace/totals.ts'
import type { PolicyName } from '#types/trail.ts'
import { serviceOf } from '#utils/indexLabels.ts'

const tornado = '0xd90e2f925da726b50c4ed8d0fb90ad053324f31b'

describe('recompute', async () => {
  const { rows, labels } = await readRonin()
  const { context, opened } = await createTestContext({ cases: [ronin], labels })
  const signal = new AbortController().signal
  const reader = createRecordedChain(rows, { chain: ethereum.id })
  await runChain(context, reader, { cases: opened, signal })
  const seen = await context.store.readSeen('ronin')

  function heldInTornado(policy: PolicyName): bigint {
    const asset = ethereum.native.id
    const isService = (address: string) => serviceOf(labels, address)
    const { ledger } = recompute(ronin, seen, { asset, policy, serviceOf: isService })
    const { held, fees, stolen } = totalsOf(ledger)
    if (policy !== 'poison') expect(held + fees).toBe(stolen)
    const account = ledger.accounts.get(tornado)
    return account?.holdings[0]
      ? totalsOf({ ...ledger, accounts: new Map([[tornado, account]]) }).held
      : 0n
  }

  test('behavior: what the trail keeps comes out the same from the stored transfers', () => {
    expect(heldInTornado('fifo')).toBe(175_099_999842400000000000n)
    expect(heldInTornado('taint-first')).toBe(175_100n * 10n ** 18n)
  })

  test('behavior: other policies conserve, and agree with posse trace where the trail is watched', () => {
    expect(heldInTornado('lifo')).toBe(172_787_443445240567809277n)
    expect(heldInTornado('haircut')).toBe(167_237_861610876356328512n)
    expect(heldInTornado('poison')).toBe(175_100n * 10n ** 18n)
  })
})
