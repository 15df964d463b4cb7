import type { AccountId, Member } from '#types/member.ts'
import type { Action, Message, Section } from '#types/message.ts'
import { countOf } from '#utils/countOf.ts'
import { findMember, mayRun } from '#utils/findMember.ts'
import { formatDuration } from '#utils/formatTime.ts'
import { handleOf } from '#utils/handleOf.ts'
import { textOf } from '#utils/textOf.ts'
import { openCases } from './case/openCases.ts'
import type { Context } from './context.ts'
import { requestsFor } from './duty/access.ts'
import { findRedAlerts, isTaken } from './duty/findRedAlerts.ts'
import { titleOf } from './upkeep/titleOf.ts'

/** Rows of a list on the page, and buttons beside them. */
const maxRows = 10
const maxActions = 5

/** What somebody finds on the bot's own page: open cases, and what waits for them. */
export async function renderHome(context: Context, account: AccountId): Promise<Message> {
  const member = findMember(context, account)
  if (!member) {
    const ask = { code: '/posse access request' }
    const text = ['All else is for members. Ask for access in any channel: ', ask]
    return { title: 'Posse follows stolen funds', sections: [{ type: 'text', text }] }
  }
  const red = await findRedAlerts(context)
  const waiting = red.filter((alert) => !isTaken(context, alert))
  const mayAct = mayRun({ role: 'responder' }, member)
  const actions: Action[] = waiting.slice(0, maxActions).map(({ id }) => ({
    label: `Acknowledge ${handleOf(id)}`,
    command: `ack ${handleOf(id)} if:free`,
  }))
  return {
    title: `${countOf(waiting.length, 'red alert')} without anybody`,
    severity: waiting.length > 0 ? 'red' : 'info',
    sections: [
      ...listAlerts(context, 'Waits for somebody', waiting),
      ...listOwn(context, member),
      ...listRequests(context, member),
      listCases(context),
    ],
    ...(mayAct && actions.length > 0 && { actions }),
  }
}

function listAlerts(
  context: Context,
  name: string,
  alerts: Awaited<ReturnType<typeof findRedAlerts>>,
): Section[] {
  if (alerts.length === 0) return []
  const rows = alerts.slice(0, maxRows).map((alert) => {
    const time = alert.tellings.at(-1)?.group.last.time ?? 0
    return [{ code: handleOf(alert.id) }, textOf(titleOf(context, alert)), { time }]
  })
  return [{ type: 'table', columns: [{ name }, { name: 'what' }, { name: 'when' }], rows }]
}

/** What they look after themselves, and until when. */
function listOwn({ standing, now }: Context, { account }: Member): Section[] {
  const own = [...standing.ack.values()]
    .filter((ack) => ack.by.account === account && !ack.lapsed)
    .sort((a, b) => a.lapsesAt - b.lapsesAt)
  if (own.length === 0) return []
  const rows = own.slice(0, maxRows).map(({ alert, caseId, lapsesAt }) => {
    const left = formatDuration(lapsesAt - now())
    return [{ code: handleOf(alert) }, caseId, `${left} left`]
  })
  const columns = [{ name: 'You look after' }, { name: 'case' }, { name: 'until it lapses' }]
  return [{ type: 'table', columns, rows }]
}

/** People who ask for access, for those who may answer. */
function listRequests(context: Context, member: Member): Section[] {
  const open = requestsFor(context, member)
  if (open.length === 0) return []
  const rows = open
    .slice(0, maxRows)
    .map(({ account, organization, why }) => [{ code: account }, organization, why])
  const columns = [{ name: 'Asks for access' }, { name: 'organization' }, { name: 'why' }]
  return [{ type: 'table', columns, rows }]
}

function listCases(context: Context): Section {
  const rows = openCases(context).map(({ case: { id, name, stolenAt }, head }) => [
    { code: id },
    name,
    { time: stolenAt },
    head ? String(head.number) : '',
  ])
  const columns = [{ name: 'Open case' }, { name: 'name' }, { name: 'theft' }, { name: 'block' }]
  return { type: 'table', columns, rows }
}
