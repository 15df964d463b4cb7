import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBalanceHistory } from '#adapters/chain/recorded/createBalanceHistory.ts'
import { createRecordedChain } from '#adapters/chain/recorded/createRecordedChain.ts'
import type { RecordedTransaction } from '#adapters/chain/recorded/readRecording.ts'
import { ronin } from '#config/cases/ronin/index.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { makePacket } from '#src/evidence/makePacket.ts'
import { partsOf } from '#src/evidence/sealPacket.ts'
import { exitCodeOf, verifyPacket } from '#src/evidence/verifyPacket.ts'
import { runChain } from '#src/runChain.ts'
import { arbitraryRows, arbitrarySeeds, toRecording } from '#test/support/arbitraryRows.ts'
import { caseOf, serviceLabels, toBlocks } from '#test/support/followRows.ts'
import { readRonin } from '#test/support/ronin.ts'
import { createTestContext } from '#test/support/testContext.ts'
import type { Case } from '#types/case.ts'
import type { Address, ChainReader } from '#types/chain.ts'
import type { EvidenceReader } from '#types/evidence.ts'
import type { LabelIndex } from '#utils/indexLabels.ts'
import { makeKeyPair, signText } from '#utils/signature.ts'

const asset = ethereum.native.id
const { privateKey, publicKey: key } = makeKeyPair()
const signer = { key, by: 'house', sign: (text: string) => signText(privateKey, text) }
const asked = { what: 'Hold it.', days: 30, mayTell: false }

/** A recorded chain on which the sources hold what was stolen, for the house and for whoever checks it. */
function chainOf(rows: readonly RecordedTransaction[], { sources }: Case) {
  const theft = {
    hash: 'theft',
    transfers: sources.map(({ address: to, amount }) => ({
      position: 'v',
      from: 'nobody',
      to,
      asset,
      amount,
    })),
  }
  const first = {
    chain: ethereum.id,
    number: -1,
    hash: '',
    parentHash: '',
    time: 0,
    transactions: [theft],
  }
  const blocks = toBlocks(rows)
  const history = createBalanceHistory([first, ...blocks])
  const recorded = createRecordedChain(rows, { chain: ethereum.id })
  const balanceAfter = (address: Address, block: number) =>
    history.balanceAfter(asset, address, block)
  const reader: ChainReader = {
    ...recorded,
    readBalance: async ({ address, at }) => balanceAfter(address, at.number),
  }
  const places = new Map(
    blocks.flatMap(({ number, time, transactions }) =>
      transactions.map(
        (transaction, index) => [transaction.hash, { number, time, transaction, index }] as const,
      ),
    ),
  )
  const node: EvidenceReader = {
    readHead: async () => blocks.at(-1)?.number ?? 0,
    async readTransaction({ hash, block }) {
      const place = places.get(hash)
      if (place?.number !== block) return { where: 'nowhere' }
      return {
        where: 'there',
        transaction: place.transaction,
        index: place.index,
        time: place.time,
      }
    },
    readBalance: async ({ address, block }) => balanceAfter(address, block),
    readNonce: async ({ address, block }) =>
      rows.filter((row) => row.block <= block && row.transaction.fee?.from === address).length,
    readTokenMoves: async () => [],
  }
  return { reader, node }
}

/** Follows a case to its end; then makes evidence of addresses and checks it. */
async function prove(
  theft: Case,
  rows: readonly RecordedTransaction[],
  { labels, limit }: { labels: LabelIndex; limit: number },
) {
  const { reader, node } = chainOf(rows, theft)
  const follower = {
    readerOf: () => reader,
    chains: () => [],
    start: () => undefined,
    stop: async () => undefined,
  }
  const { context, opened } = await createTestContext({ cases: [theft], labels, follower })
  await runChain(context, reader, { cases: opened, signal: new AbortController().signal })
  const [open] = opened
  if (!open) throw new Error('One case is open.')
  const hops = await context.store.readHops(theft.id)
  const own = new Set(theft.sources.map(({ address }) => address))
  const targets = [...new Set(hops.map(({ to }) => to))].filter((to) => !own.has(to)).slice(-limit)
  const proved = []
  for (const address of targets) {
    const packet = await makePacket(context, open, { asset, address, asked, signer })
    const parts = partsOf(packet)
    if (!parts) throw new Error('A packet has parts.')
    const checks = await verifyPacket(packet, parts, { reader: node, labels, key })
    const into = hops.filter(({ to }) => to === address)
    const arrived = [0, 1, 2].map((rule) =>
      String(into.reduce((sum, { stolen }) => sum + (stolen[rule] ?? 0n), 0n)),
    )
    expect(parts.result.arrived).toEqual(arrived)
    expect(checks.filter(({ verdict }) => verdict === 'differs')).toEqual([])
    proved.push({
      code: exitCodeOf(checks),
      size: parts.transactions.length,
      accounts: parts.accounts.length,
    })
  }
  await context.store.close()
  return proved
}

describe('evidence on recorded data', () => {
  test('behavior: of random thefts, every address reached: as the case has it, and nothing differs', async () => {
    let proved = 0
    await fc.assert(
      fc.asyncProperty(arbitraryRows, arbitrarySeeds, async (random, seeds) => {
        const rows = toRecording(random)
        const done = await prove(caseOf(seeds), rows, { labels: serviceLabels, limit: 5 })
        proved += done.length
      }),
      { numRuns: Number(process.env.EVIDENCE_RUNS ?? 300) },
    )
    expect(proved).toBeGreaterThan(100)
  }, 120_000)

  test('behavior: of the Ronin theft, the last addresses that it reached', async () => {
    const { rows, labels } = await readRonin()
    const done = await prove(ronin, rows, { labels, limit: 12 })
    expect(done).toHaveLength(12)
    expect(Math.max(...done.map(({ size }) => size))).toBeGreaterThan(10)
  }, 120_000)
})
