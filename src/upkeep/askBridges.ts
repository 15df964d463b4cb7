import { candidatesFor } from '#src/case/candidates.ts'
import { openCases } from '#src/case/openCases.ts'
import { retraceOf } from '#src/case/passages.ts'
import { rootOf } from '#src/case/rootOf.ts'
import { settle } from '#src/case/settle.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import type { AskBridge } from '#types/bridgeApi.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Passage } from '#types/passage.ts'
import type { Hop } from '#types/trail.ts'

/** Questions to bridges at one turn. */
const mostAsked = 20

/** Turns until the payments of all cases are looked through again from the start. */
const turnsPerScan = 60

/** Milliseconds until the same is asked again: twice as long each time, up to an hour. */
const first = 60_000
const longest = 3_600_000

/**
 * Asks the APIs of bridges what their chains do not say: where a payment goes on that a bridge took without a word, and
 * which payment on the far side belongs to one. Only what was seen on the far side is taken, and only at the address that
 * was named. Make it once: it remembers what it has asked.
 */
export function createBridgeAsker(context: Context): () => Promise<void> {
  const { ask, startTurn } = createPacer(context)
  const scanned = new Map<string, number>()
  const unsaid = new Map<string, { open: OpenCase; hop: Hop; bridge: string }>()
  let turns = 0

  async function tie(passage: Passage): Promise<void> {
    const { caseId, key, bridge, chain } = passage
    // What came by a channel was paid into that, and is named by it.
    const [, transaction = ''] = key.split(':')
    // A person may have said that one is not it.
    const isNew = (came: string) => !context.standing.tie.has(`${caseId} ${key} ${came}`)
    const candidates = candidatesFor(context, { caseId, key }).filter(({ candidate }) =>
      isNew(candidate.transaction),
    )
    const open = context.cases.get(caseId)
    if (!open || candidates.length === 0) return
    const { paid = [] } = (await ask(bridge, { chain, transaction })) ?? {}
    const names = new Set(paid.map((each) => each.replace(/^0x/, '').toLowerCase()))
    for (const { candidate } of candidates) {
      const { transaction: came } = candidate
      if (!names.has(came.replace(/^0x/, '').toLowerCase())) continue
      const by = signedByApi(context, bridge)
      await settle(context, open, { transaction: came, of: key, by, isUndone: false })
    }
  }

  /** What reached a bridge whose chain did not say where it goes: by the payment before, where it came by a channel. */
  async function findUnsaid(open: OpenCase): Promise<void> {
    const { id } = open.case
    const since = scanned.get(id) ?? 0
    for await (const page of context.store.scanHops(id, {
      since,
      until: Number.MAX_SAFE_INTEGER,
    })) {
      for (const hop of page) {
        scanned.set(id, hop.time)
        const name = context.labels.get(hop.to)?.[0]?.name ?? ''
        const bridge = [...context.bridgeApis.keys()].find((each) => name.startsWith(`${each}:`))
        if (hop.stop !== 'bridge' || hop.crossing || !bridge) continue
        unsaid.set(nameOf(hop), { open, hop, bridge })
      }
    }
  }

  return async () => {
    if (context.bridgeApis.size === 0) return
    startTurn()
    // What was worked out again may have earlier payments.
    if (turns++ % turnsPerScan === 0) scanned.clear()
    for (const passage of context.standing.passage.values()) {
      if (passage.isUntied || passage.isClaimed) await tie(passage)
    }
    for (const open of openCases(context)) await findUnsaid(open)
    for (const [name, { open, hop, bridge }] of unsaid) {
      if (
        context.standing.crossing.has(name) ||
        (await tellWhere(context, { open, hop, bridge, ask }))
      ) {
        unsaid.delete(name)
      }
    }
  }
}

function signedByApi(context: Context, bridge: string) {
  return {
    ...{ account: 'posse', name: `${bridge}’s API`, organization: null },
    at: context.now(),
  }
}

/** What reached a bridge without a word of the chain; says whether the bridge's API said where it goes. */
async function tellWhere(
  context: Context,
  { open, hop, bridge, ask }: { open: OpenCase; hop: Hop; bridge: string; ask: Ask },
): Promise<boolean> {
  const { id } = open.case
  const into = await context.store.findHops(id, { payee: hop.from }, { limit: 1 })
  for (const { transaction } of [...into, hop]) {
    const answer = await ask(bridge, { chain: hop.chain, transaction })
    if (!answer) continue
    const { chain, address } = answer
    const { asset, amount, to: by } = hop
    const key = answer.key ?? `${bridge.toLowerCase()}:${transaction}`
    const isUntied = answer.key === undefined
    const about = { bridge, by, chain, address, isClaimed: false, key } as const
    const value = {
      caseId: id,
      transaction: hop.transaction,
      crossing: { ...about, asset, amount, ...(isUntied && { isUntied }) },
    }
    const signed = signedByApi(context, bridge)
    const text = `${signed.name} says that what it took in ${transaction} goes to ${address} on ${chain}.`
    const entry = { caseId: rootOf(context, id), key: `told:${transaction}`, at: signed.at }
    await decide(context, () => ({
      standing: [
        { kind: 'crossing', key: nameOf(hop), value },
        retraceOf(context.whole, open, key),
      ],
      timeline: [{ ...entry, kind: 'note', by: signed, text }],
      result: undefined,
    }))
    return true
  }
  return false
}

function nameOf({ caseId, transaction, position }: Hop): string {
  return `${caseId} ${transaction} ${position}`
}

type Ask = (bridge: string, payment: Parameters<AskBridge>[0]) => ReturnType<AskBridge>

/** Asks some at each turn, and the same again after a while. */
function createPacer(context: Context): { ask: Ask; startTurn(): void } {
  const rests = new Map<string, { until: number; pauseMs: number }>()
  let left = 0
  return {
    startTurn() {
      left = mostAsked
    },
    async ask(bridge, payment) {
      const { transaction } = payment
      const rest = rests.get(transaction)
      const now = Date.now()
      const askBridge = context.bridgeApis.get(bridge)
      if (!askBridge || left === 0 || (rest && rest.until > now)) return null
      left -= 1
      const pauseMs = Math.min(rest ? rest.pauseMs * 2 : first, longest)
      rests.set(transaction, { until: now + pauseMs, pauseMs })
      return await askBridge(payment)
    },
  }
}
