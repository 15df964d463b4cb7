import { readFileSync } from 'node:fs'
import type { Hex } from 'viem'
import { decodeAbiParameters, parseAbiParameters } from 'viem'
import { describe, expect, test } from 'vitest'
import { decodeTransaction } from '#adapters/chain/bitcoin/decodeBlock.ts'
import { toTransaction } from '#adapters/chain/bitcoin/readCoins.ts'
import { parseThorMemo, parseThorOut } from '#utils/parseThorMemo.ts'

/** A transaction of THORChain as ShapeShift (MIT) recorded it, with Midgard's word on it where that was asked. */
type Recorded = {
  what: string
  chain: string
  transaction: string
  memo: string | null
  hex?: string
  input?: Hex
  midgard?: {
    actions: {
      in: { txID: string }[]
      out: { txID: string; address: string; coins: { amount: string }[] }[]
      metadata: Record<string, { memo?: string }>
      type: string
    }[]
  }
}

const recorded: Recorded[] = JSON.parse(
  readFileSync(new URL('../../../data/bridge-events/thorchain.json', import.meta.url), 'utf8'),
)
const named = (given: readonly Recorded[]) => given.map((each) => [each.what, each] as const)

/** The words of a recorded transaction, out of what stands on the chain. */
function wordsOf({ hex, input }: Recorded): string[] {
  if (hex) return []
  // deposit, depositWithExpiry and transferOut begin alike.
  const types = parseAbiParameters('address, address, uint256, string')
  return [decodeAbiParameters(types, `0x${input?.slice(10)}`)[3]]
}

function readCoins({ hex = '' }: Recorded) {
  const decoded = decodeTransaction(Buffer.from(hex, 'hex'))
  const rich = { amount: 10n ** 15n, script: new Uint8Array() }
  return toTransaction(decoded, {
    asset: 'btc',
    spent: new Map(decoded.spends.map((id) => [id, rich])),
    addressOf: (script) => Buffer.from(script).toString('hex'),
  })
}

describe('THORChain as it was recorded', () => {
  const coins = recorded.filter(({ hex }) => hex)
  test('there are transactions of both kinds of chain', () => {
    expect([coins.length, recorded.length - coins.length]).toEqual([6, 15])
  })

  test.each(named(coins))('Bitcoin, %s', (_, given) => {
    const { hash, settlements = [], crossings = [] } = readCoins(given)
    expect(hash).toBe(given.transaction)
    const [, words = ''] = /^OP_RETURN \((.*)\)$/.exec(given.memo ?? '') ?? []
    const out = parseThorOut(words)
    const goal = parseThorMemo(words)
    expect(out === null).not.toBe(goal === null)
    expect(crossings.map(({ chain, address }) => ({ chain, address }))).toEqual(goal ? [goal] : [])
    expect(settlements).toEqual(
      out
        ? [
            {
              ...{ bridge: 'THORChain', key: `thorchain:${out.transaction}` },
              ...(out.isRefund && { isRefund: true }),
            },
          ]
        : [],
    )
  })

  const answered = recorded.filter(({ midgard, memo, hex }) => midgard && (memo || hex))
  test.each(named(answered))('Midgard says the same of %s', (_, given) => {
    const [words = given.memo ?? ''] = wordsOf(given)
    const out = parseThorOut(words.replace(/^OP_RETURN \(|\)$/g, ''))
    const actions = given.midgard?.actions ?? []
    const kinds = new Set(actions.map(({ type }) => type))
    expect([...kinds].every((kind) => kind === 'swap' || kind === 'refund')).toBe(true)
    expect(kinds.has('refund')).toBe(out?.isRefund ?? false)
    const paidFor = actions.flatMap((action) => action.in.map(({ txID }) => txID.toLowerCase()))
    expect(paidFor).toContain(out?.transaction)
    if (out?.isRefund) return
    // Where the swap was to pay, it paid.
    for (const { metadata, out: paid, type } of actions) {
      const goal = parseThorMemo(metadata.swap?.memo ?? '')
      if (type !== 'swap' || !goal) continue
      expect(paid.map(({ address }) => address.toLowerCase())).toContain(goal.address.toLowerCase())
    }
  })
})
