import { channelsOf } from '#src/channel/channelsOf.ts'
import type { Context } from '#src/context.ts'
import { channelsSeeing } from '#src/sharing/listeners.ts'
import { stolenIn } from '#trace/policies.ts'
import type { Telling } from '#types/alert.ts'
import type { Block, IssuerAct } from '#types/chain.ts'
import type { Message } from '#types/message.ts'
import type { CaseChange, OpenCase } from '#types/openCase.ts'
import type { TimelineEntry } from '#types/standing.ts'
import type { TrailChange } from '#types/trail.ts'
import { formatAmount } from '#utils/formatAmount.ts'
import { showAddress } from '#utils/parseAddress.ts'
import { textOf } from '#utils/textOf.ts'

const verbs: Record<IssuerAct['act'], string> = {
  pending: 'a freeze waits for signatures of the issuer',
  frozen: 'frozen by the issuer',
  released: 'no longer frozen by the issuer',
  destroyed: 'destroyed by the issuer',
}

/** What issuers did to addresses on the trail, put into what a block does to the case: told once, red, and written down. */
export function withIssuerActs(
  context: Context,
  open: OpenCase,
  { decided, change, block }: { decided: CaseChange; change: TrailChange; block: Block },
): CaseChange {
  if (change.issuerActs.length === 0) return decided
  const { id: caseId, name } = open.case
  const heard = channelsOf(context, { cases: [caseId], topic: 'issuer' })
  const channels = channelsSeeing(context, caseId, heard)
  const tellings: Telling[] = []
  const timeline: TimelineEntry[] = []
  for (const act of change.issuerActs) {
    const key = `${caseId}:${block.chain}:${act.transaction}:${act.position}:${act.act}`
    const message = render(open, { act, block, change, name })
    tellings.push({ alert: key, revision: 1, message, topic: 'issuer', channels })
    const text = textOf(message.title)
    timeline.push({ caseId, key, at: block.time, kind: 'alert', by: null, text })
  }
  return {
    ...decided,
    tellings: [...decided.tellings, ...tellings],
    timeline: [...decided.timeline, ...timeline],
  }
}

function render(
  open: OpenCase,
  {
    act: { act, address, asset: id, transaction },
    block,
    change,
    name,
  }: {
    act: TrailChange['issuerActs'][number]
    block: Block
    change: TrailChange
    name: string
  },
): Message {
  const asset = open.case.assets.find((each) => each.id === id)
  const account =
    change.ledgers.find((ledger) => ledger.asset === id)?.accounts.get(address) ??
    open.trail.ledgers.get(id)?.accounts.get(address)
  const [fifo] = account?.holdings ?? []
  const held = asset && fifo ? formatAmount(stolenIn(fifo), asset) : 'nothing that is known of'
  const waits = act === 'pending'
  return {
    title: [
      { strong: name },
      `: ${asset?.symbol ?? 'a token'}: ${verbs[act]}: `,
      { code: showAddress(address) },
    ],
    severity: act === 'released' ? 'amber' : 'red',
    sections: [
      {
        type: 'fields',
        fields: [
          { name: 'Stolen there', value: held },
          { name: 'When', value: { time: block.time } },
          { name: 'Transaction', value: [{ code: transaction }, ` in block ${block.number}`] },
          ...(waits
            ? [
                {
                  name: 'What it means',
                  value:
                    'whoever holds the address can see it too and may move on before it is done',
                },
              ]
            : []),
        ],
      },
    ],
  }
}
