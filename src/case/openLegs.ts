import { StoreError } from '#errors/store.ts'
import { UserError } from '#errors/userError.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { ownerOfCase } from '#src/sharing/audience.ts'
import type { Case } from '#types/case.ts'
import type { Chain, ChainReader } from '#types/chain.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Passage } from '#types/passage.ts'
import { workOff } from '#utils/workOff.ts'
import { openCase, openingChange } from './openCase.ts'
import { isOpen } from './openCases.ts'
import { partOn } from './passages.ts'
import { rulesOf } from './rulesOf.ts'
import { withSwapAssets } from './withSwapAssets.ts'

/** Blocks of some chains say a time up to two hours off. */
const marginSeconds = 7_200

/**
 * Follows cases to other chains, until the signal is given: for the first payment that a bridge takes to a chain with
 * nodes, the case is opened there too, from before that payment on. What was heard of before a crash counts as well.
 * @throws StoreError
 */
export async function runLegs(
  context: Context,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  await workOff(context.outbox, {
    find: () => findOutsets(context),
    work: (passage) => tryLeg(context, passage, signal),
    signal,
  })
}

/** Answers whether it must not be tried again before something changes. */
async function tryLeg(context: Context, passage: Passage, signal: AbortSignal): Promise<boolean> {
  try {
    await openLeg(context, passage, signal)
    return true
  } catch (error) {
    if (error instanceof StoreError || !(error instanceof UserError)) throw error
    context.log.error({ err: error, case: passage.caseId }, 'A leg cannot be opened yet')
    return false
  }
}

/** The earliest payment to each chain on which its case is not followed yet. */
function findOutsets(context: Context): Passage[] {
  const { standing, follower, chains } = context
  const first = new Map<string, Passage>()
  for (const passage of standing.passage.values()) {
    const { caseId, to, time } = passage
    if (to.chain === null || !follower.chains().includes(to.chain) || !chains.has(to.chain))
      continue
    if (!isOpen(context, caseId) || partOn(context, { caseId, chain: to.chain })) continue
    const key = `${caseId} ${to.chain}`
    const known = first.get(key)
    if (!known || time < known.time) first.set(key, passage)
  }
  return [...first.values()]
}

async function openLeg(context: Context, passage: Passage, signal: AbortSignal): Promise<void> {
  const { caseId, to, time } = passage
  const root = context.cases.get(caseId)
  const chain = to.chain === null ? undefined : context.chains.get(to.chain)
  const reader = chain && context.follower.readerOf(chain.id)
  if (!root || !reader) return
  const followAfter = await blockBefore(reader, { time: time - marginSeconds, signal })
  if (followAfter === null) return
  const theft = legOf(root.case, { chain, stolenAt: time, followAfter, context })
  const by = {
    account: 'posse',
    name: 'Posse',
    organization: ownerOfCase(context, caseId),
    at: context.now(),
  }
  const open = await decide<OpenCase | null>(context, () => {
    // Somebody may have closed it meanwhile.
    if (!isOpen(context, caseId)) return { result: null }
    const opened = openCase(withSwapAssets(context, theft), rulesOf(context, theft))
    const text = `Goes on on ${chain.name}, by ${passage.bridge} to ${to.address}: followed there too.`
    return {
      changes: [openingChange(opened)],
      standing: [
        {
          kind: 'case',
          key: theft.id,
          value: { caseId: theft.id, case: theft, state: 'open', by },
        },
      ],
      timeline: [{ caseId, key: `leg:${chain.id}`, at: by.at, kind: 'decision', by: null, text }],
      result: opened,
    }
  })
  if (!open) return
  context.cases.set(theft.id, open)
  context.follower.start([open])
}

function legOf(
  { id, name, isDrill }: Case,
  {
    chain,
    stolenAt,
    followAfter,
    context: { cases },
  }: { chain: Chain; stolenAt: number; followAfter: number; context: Context },
): Case {
  const slug = chain.name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  let free = `${id}-${slug}`
  for (let place = 2; cases.has(free); place += 1) free = `${id}-${slug}-${place}`
  return {
    id: free,
    name: `${name} on ${chain.name}`,
    ...(isDrill && { isDrill }),
    legOf: id,
    chain: chain.id,
    stolenAt,
    followAfter,
    assets: [],
    sources: [],
    published: [],
  }
}

/** The newest block that is at least this old, looked for from the head back; `null` where there is no head. */
async function blockBefore(
  reader: ChainReader,
  { time, signal }: { time: number; signal: AbortSignal },
): Promise<number | null> {
  const head = await reader.waitForHead({ signal })
  if (!head) return null
  const isBefore = async (number: number) => {
    const block = await reader.readBlockAfter(number - 1, head)
    return block !== undefined && block.time <= time
  }
  let after = head.number
  let step = 1
  while (after > 0 && !signal.aborted && !(await isBefore(after))) {
    after = Math.max(0, after - step)
    step *= 2
  }
  let next = Math.min(head.number, after + Math.max(step / 2, 1))
  while (next - after > 1 && !signal.aborted) {
    const middle = Math.floor((after + next) / 2)
    if (await isBefore(middle)) after = middle
    else next = middle
  }
  return signal.aborted ? null : after
}
