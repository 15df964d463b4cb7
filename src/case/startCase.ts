import {
  CaseExistsError,
  CoinsNotNamedError,
  NotHeldError,
  UnknownChainError,
} from '#errors/case.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { afterMarks } from '#src/sharing/afterMarks.ts'
import type { Case, Source } from '#types/case.ts'
import type { BlockRef, Chain, ChainReader } from '#types/chain.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Mark, Signed, StandingChange } from '#types/standing.ts'
import type { Tlp } from '#types/tlp.ts'
import { formatAmount } from '#utils/formatAmount.ts'
import { showAddress } from '#utils/parseAddress.ts'
import { openCase, openingChange } from './openCase.ts'
import { rulesOf } from './rulesOf.ts'
import { withSwapAssets } from './withSwapAssets.ts'

/** What is told and belongs to no case begins with one of these. */
const reservedIds = new Set(['access', 'contact', 'feed', 'organization', 'stuck', 'test'])

/** Sources as a person named them: each may say by which transaction it got what was stolen. */
export type NamedSource = Source & { transaction: string | null }

/**
 * Opens a case by command, and follows it from the block of its theft on; without a transaction from the newest block.
 * @throws CaseExistsError, UnknownChainError, TransactionNotFoundError, NotHeldError, ProviderError
 */
export async function startCase(
  context: Context,
  {
    name,
    chain,
    sources: named,
    by,
    signal,
    tlp,
    isDrill = false,
  }: {
    name: string
    chain: Chain
    sources: readonly NamedSource[]
    by: Signed
    signal: AbortSignal
    /** Who may see it. @default as the rules say */
    tlp?: Tlp | undefined
    /** @default false */
    isDrill?: boolean
  },
): Promise<OpenCase> {
  refuseTwin(context, idOf(name))
  const reader = context.follower.readerOf(chain.id)
  if (!reader || !context.follower.chains().includes(chain.id)) {
    throw new UnknownChainError({ chain: chain.id, known: context.follower.chains() })
  }
  const { at, stolenAt } = await findStart(context, { reader, sources: named, signal })
  const sources = await findCoins({ reader, chain, sources: named })
  await checkHeld({ reader, chain, sources, at })
  const open = await decide(context, () => {
    // Asked again now that it is our turn: somebody may have been faster.
    refuseTwin(context, idOf(name))
    const id = freeId(context, idOf(name))
    const theft: Case = {
      id,
      // Read wherever the case is named.
      name: isDrill ? `DRILL ${name}` : name,
      ...(isDrill && { isDrill }),
      chain: chain.id,
      stolenAt,
      followAfter: at.number,
      assets: assetsOf(chain, sources),
      sources: sources.map(({ transaction: _named, ...source }) => source),
      published: [],
    }
    const value = { caseId: id, case: theft, state: 'open', by } as const
    const mark: Mark | null = tlp ? { subject: `case:${id}`, tlp, named: [], by } : null
    const standing: StandingChange[] = [
      { kind: 'case', key: id, value },
      ...(mark ? [{ kind: 'mark', key: mark.subject, value: mark } as const] : []),
    ]
    const rules = rulesOf(afterMarks(context.whole, standing), theft)
    const opened = openCase(withSwapAssets(context, theft), rules)
    const text = `Opened the case: ${sources.map((source) => describe(source, chain)).join(', ')}.`
    return {
      changes: [openingChange(opened)],
      standing,
      timeline: [{ caseId: id, key: `opened:${by.at}`, at: by.at, kind: 'decision', by, text }],
      result: opened,
    }
  })
  context.whole.cases.set(open.case.id, open)
  context.follower.start([open])
  return open
}

/** Short and lower case, of what the name has of letters and digits. */
function idOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? ['case']
  return words.join('-').slice(0, 40).replace(/-$/, '')
}

function refuseTwin({ cases }: Context, id: string): void {
  if (cases.has(id)) throw new CaseExistsError({ caseId: id })
}

/** A twin that whoever opens it may not see must not be hinted at. */
function freeId({ whole }: Context, id: string): string {
  let free = id
  const isTaken = () => whole.cases.has(free) || reservedIds.has(free)
  for (let place = 2; isTaken(); place += 1) free = `${id}-${place}`
  return free
}

/** The block at whose end the sources hold what was stolen, and when that was. */
async function findStart(
  context: Context,
  {
    reader,
    sources,
    signal,
  }: { reader: ChainReader; sources: readonly NamedSource[]; signal: AbortSignal },
): Promise<{ at: BlockRef; stolenAt: number }> {
  const hashes = [...new Set(sources.flatMap(({ transaction }) => transaction ?? []))]
  const places = await Promise.all(hashes.map((hash) => reader.readPlace(hash)))
  const last = places.sort((a, b) => b.number - a.number)[0]
  if (last) return { at: last, stolenAt: places.at(-1)?.time ?? last.time }
  const head = await reader.waitForHead({ signal })
  if (!head) throw new UnknownChainError({ chain: reader.chain, known: [] })
  return { at: { number: head.number, hash: head.hash }, stolenAt: context.now() }
}

/**
 * On chains of coins, the coins that the transaction of the theft made for each source; elsewhere nothing changes.
 * @throws CoinsNotNamedError, NotHeldError
 */
async function findCoins({
  reader,
  chain,
  sources,
}: {
  reader: ChainReader
  chain: Chain
  sources: readonly NamedSource[]
}): Promise<readonly NamedSource[]> {
  if (!chain.coins) return sources
  return Promise.all(
    sources.map(async (source) => {
      const { address, amount, asset, transaction } = source
      if (transaction === null) throw new CoinsNotNamedError({ address })
      const at = await reader.readPlace(transaction)
      const made = (await reader.readCoins?.({ transaction, at })) ?? []
      const coins = made.filter((coin) => coin.address === address)
      const held = coins.reduce((sum, coin) => sum + coin.amount, 0n)
      if (held < amount) {
        const found = assetOf(chain, asset)
        throw new NotHeldError({
          address,
          amount: formatAmount(amount, found),
          held: formatAmount(held, found),
          block: at.number,
        })
      }
      return { ...source, coins: coins.map((coin) => ({ id: coin.id, amount: coin.amount })) }
    }),
  )
}

/** A trail that begins with more than there is would follow money that nobody stole. */
async function checkHeld({
  reader,
  chain,
  sources,
  at,
}: {
  reader: ChainReader
  chain: Chain
  sources: readonly NamedSource[]
  at: BlockRef
}): Promise<void> {
  // Coins were looked for where the theft made them.
  if (chain.coins) return
  await Promise.all(
    sources.map(async (source) => {
      const { address, asset, amount } = source
      const held = await reader.readBalance({ address, asset, at })
      if (held >= amount) return
      const found = assetOf(chain, asset)
      throw new NotHeldError({
        address: showAddress(address),
        amount: formatAmount(amount, found),
        held: formatAmount(held, found),
        block: at.number,
      })
    }),
  )
}

function assetOf(chain: Chain, id: string) {
  return (
    [chain.native, ...chain.tokens.map(({ asset }) => asset)].find((asset) => asset.id === id) ??
    chain.native
  )
}

function assetsOf(chain: Chain, sources: readonly Source[]) {
  return [...new Set(sources.map(({ asset }) => asset))].map((id) => assetOf(chain, id))
}

function describe({ address, asset, amount }: NamedSource, chain: Chain): string {
  return `${formatAmount(amount, assetOf(chain, asset))} at ${showAddress(address)}`
}
