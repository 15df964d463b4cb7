import type { EvmProbe } from '#adapters/chain/evm/probeEvmProvider.ts'
import type { LiveChain } from '#config/settings.ts'
import { quote } from '#errors/quote.ts'
import { countOf } from '#utils/countOf.ts'
import { formatDuration } from '#utils/formatTime.ts'
import type { Check } from './check.ts'

/** What a node told; `null` where it took too long. */
export type Probe = EvmProbe | null

type Head = NonNullable<EvmProbe['head']>

/** Seconds that a node may be behind the best one: some five blocks of Ethereum. */
const maxBehind = 60

/** Age in seconds of a newest block that is worth a look, and from which on the node is of no use. */
const maxAge = 300
const maxUsableAge = 3_600

/** Seconds that a block may come from the future of this machine. */
const maxAhead = 60

/** A line for every node of a chain; `probes` are in the order of its providers. Times are Unix seconds. */
export function judgeNodes(
  { chain, providers }: LiveChain,
  { probes, now }: { probes: readonly Probe[]; now: number },
): Check[] {
  const best = bestHead(chain.id, { probes, now })
  const patience = patienceWith(chain.id)
  return providers.map(({ url, receipts = 'receipts' }, at) => {
    const probe = probes[at] ?? null
    const about = `${chain.name} node ${at + 1} (${URL.parse(url)?.host})`
    const fault = findFault(probe, { chain: chain.id, now })
    if (fault) {
      // One that others stand in for can wait; one of another chain never comes right by itself.
      const state = best && fault.canWait ? 'warn' : 'fail'
      return { about, state, ...fault }
    }
    const head = probe?.head
    if (!probe || !head || !best) throw new RangeError('A node without a fault has a head.')
    const behind = best.time - head.time
    if (behind > maxBehind * patience) {
      const text = `${countOf(best.number - head.number, 'block')} and ${formatDuration(behind)} behind the best node of its chain`
      const advice = 'let it catch up, or put it last in the list'
      return { about, state: 'warn', text, advice }
    }
    if (now - head.time > maxAge * patience) {
      const text = `its newest block ${head.number} is ${formatDuration(now - head.time)} old`
      const advice =
        'check whether the chain stands still and whether the clock of this machine is right'
      return { about, state: 'warn', text, advice }
    }
    if (!probe[receipts]) {
      const other = receipts === 'receipts' ? 'logs' : 'receipts'
      const text = `it tells no ${receipts} of a block but ${other}`
      const advice = `write "receipts": ${quote(other)} for it, which saves a failed call at every start`
      return { about, state: 'warn', text, advice }
    }
    return { about, state: 'ok', text: describeNode(probe, { chain: chain.id, head, now }) }
  })
}

type Fault = { text: string; advice: string; retryable: boolean; canWait: boolean }

/** Blocks of Bitcoin's kind come in ten minutes, and now and then in two hours. */
function patienceWith(chain: string): number {
  return isOfCoins(chain) ? 24 : 1
}

function isOfCoins(chain: string): boolean {
  return chain.startsWith('bip122:')
}

/** Why a node cannot be used now. */
function findFault(
  probe: Probe,
  { chain, now }: { chain: string; now: number },
): Fault | undefined {
  const wait = { retryable: true, canWait: true }
  if (!probe) {
    const advice = 'check the node and the network, or list another node'
    return { text: 'it took too long to answer', advice, ...wait }
  }
  if (probe.chain !== undefined && probe.chain !== chain) {
    const text = `it belongs to the chain ${quote(probe.chain)} and is not used`
    const advice = `correct its URL: it is listed for ${quote(chain)}`
    return { text, advice, retryable: false, canWait: false }
  }
  if (probe.chain === undefined || !probe.head) {
    const text = (probe.failures[0] ?? 'it does not answer').replace(/^\S+ does/, 'it does')
    const isRefused = /HTTP status 4(?!08|29)\d\d/.test(text)
    const advice = isRefused
      ? 'check its URL and its key'
      : 'check the node and the network, or list another node'
    return { text: text.replace(/\.$/, ''), advice, retryable: !isRefused, canWait: true }
  }
  if (!probe.receipts && !probe.logs) {
    const text = 'it tells neither receipts nor logs of a block'
    return { text, advice: 'use another node or another plan', retryable: false, canWait: true }
  }
  const age = now - probe.head.time
  if (age <= maxUsableAge * patienceWith(chain)) return undefined
  const text = `its newest block ${probe.head.number} is ${formatDuration(age)} old`
  return { text, advice: 'wait until it has caught up, or list another node', ...wait }
}

function describeNode(
  probe: EvmProbe,
  { chain, head, now }: { chain: string; head: Head; now: number },
): string {
  const place = [`block ${head.number}`, `${formatDuration(now - head.time)} old`]
  const pace = `${Math.round(probe.latencyMs ?? 0)} ms`
  // Coins are told by blocks alone, whatever a node knows besides.
  if (isOfCoins(chain)) return [...place, 'whole blocks', pace].join(', ')
  const told = (['receipts', 'logs'] as const).filter((what) => probe[what])
  return [...place, told.join(' and '), describeReach(reachOf(probe)), pace].join(', ')
}

function describeReach(blocks: number): string {
  if (blocks === Number.POSITIVE_INFINITY) return 'balances of any block'
  return blocks === 0 ? 'no balances of the past' : `balances of ${countOf(blocks, 'block')} back`
}

/** The newest block that any usable node of the chain told. */
export function bestHead(
  chain: string,
  { probes, now }: { probes: readonly Probe[]; now: number },
): Head | undefined {
  return usable(chain, { probes, now })
    .map(({ head }) => head)
    .reduce<Head | undefined>(
      (best, head) => (head && (!best || head.number > best.number) ? head : best),
      undefined,
    )
}

/** How many blocks back the deepest usable node of the chain tells balances. */
export function deepestReach(
  chain: string,
  { probes, now }: { probes: readonly Probe[]; now: number },
): number {
  return Math.max(0, ...usable(chain, { probes, now }).map(reachOf))
}

function usable(
  chain: string,
  { probes, now }: { probes: readonly Probe[]; now: number },
): EvmProbe[] {
  return probes.filter((probe) => probe !== null && !findFault(probe, { chain, now })) as EvmProbe[]
}

/** Depths are probed in steps until one is refused; where none was, the node is taken to tell all. */
function reachOf({ balanceDepth = 0, failures }: EvmProbe): number {
  const wasRefused = failures.some((failure) => failure.includes('(eth_getBalance)'))
  return wasRefused ? balanceDepth : Number.POSITIVE_INFINITY
}

/** By the newest block of all chains: one from the future says that this machine's clock is behind. */
export function judgeClock(probes: readonly Probe[], now: number): Check {
  const about = 'Clock'
  const newest = Math.max(...probes.flatMap((probe) => probe?.head?.time ?? []))
  if (newest === Number.NEGATIVE_INFINITY) {
    return {
      about,
      state: 'warn',
      text: 'not checked: no node told a block',
      advice: 'see the nodes',
    }
  }
  if (newest - now > maxAhead) {
    const text = `it is at least ${formatDuration(newest - now)} behind the newest block`
    return { about, state: 'fail', text, advice: 'check NTP on this machine' }
  }
  return {
    about,
    state: 'ok',
    text: `it fits the newest block to ${formatDuration(Math.abs(now - newest))}`,
  }
}
