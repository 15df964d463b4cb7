import { NoRoomsError } from '#errors/channel.ts'
import { UserError } from '#errors/userError.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { bindingOf } from '#src/sharing/bindChannel.ts'
import type { ChannelId } from '#types/chat.ts'
import type { Member } from '#types/member.ts'
import type { Text } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Signed } from '#types/standing.ts'
import { topics } from '#types/topic.ts'

/**
 * Binds a case that was just opened to the channel where that was done, or to a room made for it; says where its alerts
 * go. A room that cannot be made does not undo the case: the channel takes its place.
 */
export async function bindCase(
  context: Context,
  open: OpenCase,
  {
    kind,
    channel,
    by,
    member,
  }: { kind: 'here' | 'thread' | 'channel'; channel: ChannelId; by: Signed; member: Member },
): Promise<{ name: string; value: Text }> {
  const name = 'Alerts go to'
  if (kind === 'here') {
    await subscribe(context, { channel, caseId: open.case.id, by, member })
    return { name, value: 'this channel' }
  }
  try {
    const room = await openRoom(context, open, { kind, near: channel })
    await subscribe(context, { channel: room, caseId: open.case.id, by, member })
    return { name, value: [`a ${kind} of its own: `, { code: room }] }
  } catch (error) {
    const why = error instanceof UserError ? error.message : 'something went wrong.'
    if (!(error instanceof UserError)) context.log.error({ err: error }, 'Could not make a room')
    await subscribe(context, { channel, caseId: open.case.id, by, member })
    return { name, value: `this channel: ${why}` }
  }
}

async function openRoom(
  { chats }: Context,
  open: OpenCase,
  { kind, near }: { kind: 'thread' | 'channel'; near: ChannelId },
): Promise<ChannelId> {
  const chat = chats.find(({ name }) => name === near.split(':', 1)[0])
  if (!chat?.openRoom) throw new NoRoomsError({ chat: near, kind })
  return await chat.openRoom(`case-${open.case.id}`, { near, kind })
}

/** Everything of the case; a channel that hears of every case hears of this one already. */
async function subscribe(
  context: Context,
  {
    channel,
    caseId,
    by,
    member,
  }: { channel: ChannelId; caseId: string; by: Signed; member: Member },
): Promise<void> {
  const key = `${channel} ${caseId}`
  await decide(context, () => {
    const { subscription } = context.standing
    if (subscription.has(key) || subscription.has(`${channel} *`)) {
      return { result: undefined }
    }
    const value = { channel, caseId, topics, min: null, chain: null, by }
    return {
      standing: [{ kind: 'subscription', key, value }, ...bindingOf(context, channel, member)],
      result: undefined,
    }
  })
}
