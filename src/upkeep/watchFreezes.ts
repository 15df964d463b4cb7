import { openCases } from '#src/case/openCases.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { decisionOf } from '#src/freeze/decisionOf.ts'
import { moveFreeze } from '#src/freeze/moveFreeze.ts'
import { noteAllDelivered } from '#src/freeze/noteDelivered.ts'
import { describeState } from '#src/freeze/renderFreeze.ts'
import { roomsOf } from '#src/freeze/roomsOf.ts'
import { isAwaited, sinceOf, stateOf } from '#src/freeze/stateOf.ts'
import { assetOf, deskCard, houseCard, viewOf } from '#src/freeze/tellFreezes.ts'
import { listOrganizations, organizationIn } from '#src/organization/listOrganizations.ts'
import { callList } from '#src/organization/onDuty.ts'
import { tellChannels } from '#src/tellChannels.ts'
import type { ChannelId } from '#types/chat.ts'
import type { Freeze } from '#types/freeze.ts'
import type { Action, Message } from '#types/message.ts'
import { directOf } from '#utils/directOf.ts'
import { formatDuration } from '#utils/formatTime.ts'

/** Looks at the clocks of all requests of open cases: what is over, what nobody answers, what must be renewed. */
export async function watchFreezes(context: Context): Promise<void> {
  await noteAllDelivered(context)
  const cases = new Set(openCases(context).map((open) => open.case.id))
  for (const freeze of [...context.standing.freeze.values()]) {
    if (!cases.has(freeze.caseId)) continue
    await endHold(context, freeze)
    await remindToRenew(context, freeze)
    await callOut(context, freeze)
  }
}

/** A hold whose time is over holds nothing any more. */
async function endHold(context: Context, { id, until }: Freeze): Promise<void> {
  if (until === null || until > context.now()) return
  await decide(context, () => {
    const freeze = context.standing.freeze.get(id)
    const isOver =
      freeze?.stage === 'holding' && freeze.until !== null && freeze.until <= context.now()
    if (!freeze || !isOver) return { result: undefined }
    const when = { by: null, at: context.now(), asset: assetOf(context, freeze) }
    return {
      ...decisionOf(context, [moveFreeze(freeze, { type: 'expire' }, when)]),
      result: undefined,
    }
  })
}

/** Says in time that a hold is about to end, once for each end. */
async function remindToRenew(context: Context, freeze: Freeze): Promise<void> {
  const { id, until, stage } = freeze
  const { rules, now } = context
  if (stage !== 'holding' || until === null) return
  const left = until - now()
  if (left <= 0 || left > rules.freeze.renewHours * 3_600) return
  const message: Message = {
    title: `The hold of freeze ${id} ends in ${formatDuration(left)}: renew it, or it is over`,
    severity: 'amber',
    sections: [
      { type: 'text', text: ['Renew it: ', { code: `/posse freeze renew ${id} for:30d` }] },
    ],
    actions: [{ label: 'Renew', command: `freeze renew ${id}` }],
  }
  const what = `renew:${until}`
  await tell(context, freeze, { what, message, channels: freeze.desk, parent: deskCard(freeze) })
  await tell(context, freeze, {
    what: `${what}:house`,
    message,
    channels: rooms(context, freeze),
    parent: houseCard(freeze),
  })
}

/** Calls those who are next in line when a clock has run out; each step once. */
async function callOut(context: Context, freeze: Freeze): Promise<void> {
  const { rules, now } = context
  const minutes = patienceOf(context, freeze)
  if (minutes === null) return
  const since = sinceOf(freeze)
  const late = now() - since - minutes * 60
  if (late < 0) return
  const line = lineOf(context, freeze)
  const due = Math.min(Math.floor(late / (rules.freeze.stepMinutes * 60)) + 1, line.length)
  for (const { who, channels, parent } of line.slice(0, due)) {
    const message = remind(context, freeze, { who, seconds: now() - since })
    // Named by whom it calls: whoever comes on duty meanwhile moves the others on in line.
    const what = `late:${freeze.stage}:${since}:${channels.join()}`
    await tell(context, freeze, { what, message, channels, parent })
  }
}

/** Minutes that a request may stay as it is; `null` where nobody is waited for. */
function patienceOf({ rules }: Context, freeze: Freeze): number | null {
  const state = stateOf(freeze)
  if (state === 'drafted') return rules.freeze.approveMinutes
  if (state === 'seen') return rules.freeze.answerMinutes
  return isAwaited(freeze) ? rules.freeze.seenMinutes : null
}

type Step = { who: string; channels: readonly ChannelId[]; parent: string }

/** Who is called, one after the other: people of the desk, the organization behind it, those who coordinate. */
function lineOf(context: Context, freeze: Freeze): Step[] {
  const house = houseCard(freeze)
  const atHouse: Step = { who: 'the house', channels: rooms(context, freeze), parent: house }
  if (stateOf(freeze) === 'drafted') return [atHouse]
  const asked = organizationIn(context, freeze.organization)
  const desk = deskCard(freeze)
  const people = asked
    ? ['freeze' as const, 'escalation' as const].flatMap((purpose) =>
        callList(asked, { purpose, at: context.now() }),
      )
    : []
  const direct = [...new Set(people)].flatMap((account) => directOf(account) ?? [])
  const next = asked?.fallback ? organizationIn(context, asked.fallback) : undefined
  const coordinators = listOrganizations(context).filter(({ kind }) => kind === 'coordinator')
  const steps: Step[] = [
    { who: 'the desk', channels: freeze.desk, parent: desk },
    ...direct.map((channel) => ({ who: 'you, as a contact', channels: [channel], parent: desk })),
    ...(next ? [{ who: next.name, channels: next.channels, parent: desk }] : []),
    {
      ...atHouse,
      channels: [
        ...new Set([...atHouse.channels, ...coordinators.flatMap(({ channels }) => channels)]),
      ],
      who: 'the coordinator',
    },
  ]
  return steps.filter(({ channels }) => channels.length > 0)
}

function remind(
  context: Context,
  freeze: Freeze,
  { who, seconds }: { who: string; seconds: number },
): Message {
  const isDraft = stateOf(freeze) === 'drafted'
  const view = viewOf(context, freeze)
  const actions: Action[] = isDraft
    ? [{ label: 'Approve and send', command: `freeze approve ${freeze.id}`, style: 'primary' }]
    : [
        { label: 'Seen', command: `freeze seen ${freeze.id}` },
        { label: 'Hold all of it', command: `freeze hold ${freeze.id} all`, style: 'primary' },
        { label: 'Cannot hold', command: `freeze decline ${freeze.id}`, style: 'danger' },
      ]
  return {
    title: [
      `No answer for ${formatDuration(seconds)}: `,
      { strong: view.caseName },
      `: ${describeState(freeze, view)}`,
    ],
    severity: 'red',
    sections: [
      {
        type: 'text',
        text: [`This goes to ${who}. All of it: `, { code: `/posse freeze status ${freeze.id}` }],
      },
    ],
    actions,
  }
}

function rooms(context: Context, { caseId, desk }: Freeze): ChannelId[] {
  return roomsOf(context, caseId).filter((channel) => !desk.includes(channel))
}

async function tell(
  context: Context,
  freeze: Freeze,
  {
    what,
    message,
    channels,
    parent,
  }: { what: string; message: Message; channels: readonly ChannelId[]; parent: string },
): Promise<void> {
  const id = `${freeze.caseId}:freeze:${freeze.id}:${what}`
  await tellChannels(context, { id, message, topic: 'freeze', channels, parent })
}
