import { openCases } from '#src/case/openCases.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { isAwaited, stateOf } from '#src/freeze/stateOf.ts'
import { onDuty } from '#src/organization/onDuty.ts'
import { tellChannels } from '#src/tellChannels.ts'
import type { ChannelId } from '#types/chat.ts'
import type { Message } from '#types/message.ts'
import type { Contact, OrganizationFile } from '#types/organization.ts'
import { countOf } from '#utils/countOf.ts'
import { directOf } from '#utils/directOf.ts'
import { formatDuration } from '#utils/formatTime.ts'

const secondsPerDay = 86_400

/** Since when a contact is stale: twice the time after which they are asked. */
function isStale({ rules, now }: Pick<Context, 'rules' | 'now'>, contact: Contact): boolean {
  return now() - contact.confirmedAt >= 2 * rules.freeze.contactDays * secondsPerDay
}

/** Asks contacts whether they are still there, and says loudly of those who have not answered. */
export async function watchContacts(context: Context): Promise<void> {
  const rest = context.rules.freeze.contactDays * secondsPerDay
  for (const organization of [...context.standing.organization.values()]) {
    for (const contact of organization.contacts) {
      const since = Math.max(contact.confirmedAt, contact.askedAt ?? 0)
      if (context.now() - since >= rest) await askContact(context, organization, contact)
      if (isStale(context, contact)) await tellStale(context, organization, contact)
    }
  }
}

async function askContact(
  context: Context,
  { id, name }: OrganizationFile,
  contact: Contact,
): Promise<void> {
  const askedAt = context.now()
  const direct = directOf(contact.account)
  const message: Message = {
    title: `Are you still a contact of ${name} for ${contact.purpose}?`,
    severity: 'amber',
    sections: [
      {
        type: 'text',
        text: 'When stolen funds reach you, you are called. Say that you are there.',
      },
    ],
    actions: [{ label: 'I am here', command: `org contacts ${id} confirm`, style: 'primary' }],
  }
  await decide(context, () => {
    const now = context.standing.organization.get(id)
    const telling = {
      alert: `organization:${id}:ask:${contact.account}:${contact.purpose}:${askedAt}`,
      ...{ revision: 1, message, topic: 'freeze' as const, channels: direct ? [direct] : [] },
    }
    if (!now) return { result: undefined }
    const contacts = now.contacts.map((each) =>
      each.account === contact.account && each.purpose === contact.purpose
        ? { ...each, askedAt }
        : each,
    )
    return {
      standing: [{ kind: 'organization', key: id, value: { ...now, contacts } }],
      tellings: direct ? [telling] : [],
      result: undefined,
    }
  })
}

/** Once for each silence. */
async function tellStale(
  context: Context,
  { id, name, channels: own }: OrganizationFile,
  { account, purpose, confirmedAt }: Contact,
): Promise<void> {
  const homes = context.chats.flatMap(({ home }) => home ?? [])
  const channels: ChannelId[] = [...new Set([...homes, ...own])].sort()
  await tellChannels(context, {
    id: `organization:${id}:stale:${account}:${purpose}:${confirmedAt}`,
    message: {
      title: [`Stale contact: `, { code: account }, ` of ${name} for ${purpose}`],
      severity: 'red',
      sections: [
        {
          type: 'text',
          text: [
            `Not heard of for ${formatDuration(context.now() - confirmedAt)}. Name somebody else, before funds arrive: `,
            { code: `/posse org contacts ${id}` },
          ],
        },
      ],
    },
    topic: 'freeze',
    channels,
  })
}

/** Tells who comes on duty what waits there for an answer, once for each shift. */
export async function handOver(context: Context): Promise<void> {
  const at = context.now()
  const open = new Set(openCases(context).map(({ case: { id } }) => id))
  for (const organization of context.standing.organization.values()) {
    const waiting = [...context.standing.freeze.values()].filter(
      (freeze) =>
        freeze.organization === organization.id &&
        open.has(freeze.caseId) &&
        (isAwaited(freeze) || ['held', 'partly held'].includes(stateOf(freeze))),
    )
    if (waiting.length === 0) continue
    for (const { account, since } of onDuty(organization, at)) {
      const direct = directOf(account)
      if (direct === null || since < at - (at % 60) - secondsPerDay) continue
      await tellChannels(context, {
        id: `organization:${organization.id}:handover:${account}:${since}`,
        message: {
          title: `You are on duty for ${organization.name}: ${countOf(waiting.length, 'open freeze')}`,
          severity: 'amber',
          sections: [
            {
              type: 'table',
              columns: [{ name: 'freeze' }, { name: 'case' }, { name: 'state' }],
              rows: waiting.map((freeze) => [{ code: freeze.id }, freeze.caseId, stateOf(freeze)]),
            },
          ],
        },
        topic: 'freeze',
        channels: [direct],
      })
    }
  }
}
