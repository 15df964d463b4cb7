import { setTimeout as wait } from 'node:timers/promises'
import type { webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import type { CommandCall } from '#types/chat.ts'
import type { Desk } from '#types/desk.ts'
import type { AccountId } from '#types/member.ts'
import type { Reply } from '#types/message.ts'
import type { Talk } from '#utils/createTalk.ts'
import { codeOf } from './describeFailure.ts'
import { readId } from './ids.ts'
import { ackMs, maxResponses } from './limits.ts'
import { type FormPlace, renderModal } from './modal.ts'
import { type Page, renderBlocks } from './renderBlocks.ts'

/** How one command came in, and how it is answered. */
export type Way = {
  /** The same where Slack sends it twice. */
  id: string
  client: webApi.WebClient
  /** What a form can be opened with, for three seconds. */
  triggerId?: string
  /** Where the answer to a form goes. */
  place: FormPlace
  /** Tells Slack that it came; with an answer where that can be one. */
  ack(answer?: Answer): Promise<void>
  /** Whether `ack` takes an answer. */
  isInline: boolean
  /** Answers after that. */
  say(answer: Answer): Promise<void>
}

export type Answer = Page & { isPrivate: boolean }

/**
 * Runs a command and answers: at once where that is quick, else acknowledged first. A command that lacks options is
 * answered with a form for them.
 */
export async function answerCall(taking: Taking, call: CommandCall, way: Way): Promise<void> {
  const isFirst = await taking.talk.once(way.id, () => answer(taking, call, way))
  if (!isFirst) await way.ack()
}

type Taking = { talk: Talk; desk: Desk | null; log: Logger }

async function answer({ talk, desk, log }: Taking, call: CommandCall, way: Way): Promise<void> {
  const work = talk.run(call)
  const quick = await Promise.race([work, wait(ackMs, undefined, { ref: false })])
  if (quick === undefined) await way.ack()
  const reply = quick ?? (await work)
  if (reply === null) return await way.ack()
  const form = quick && formFor(reply, desk, way)
  if (form && way.triggerId) {
    await way.ack()
    await way.client.views.open({ trigger_id: way.triggerId, view: form })
    return
  }
  const [first, ...rest] = answersOf(reply, log)
  if (first && quick && way.isInline) await way.ack(first)
  else {
    if (quick) await way.ack()
    if (first) await way.say(first)
  }
  for (const answer of rest) await way.say(answer)
  await attach(reply, { user: call.user.id, client: way.client, say: way.say, log })
}

/** Slack has no file that one person alone sees in a channel: it goes to them directly. */
export async function attach(
  { files = [] }: Reply,
  { user, client, say, log }: Pick<Way, 'client' | 'say'> & { user: AccountId; log: Logger },
): Promise<void> {
  if (files.length === 0) return
  const { id } = readId(user)
  try {
    const { channel } = await client.conversations.open({ users: id })
    if (!channel?.id) throw new RangeError('Slack opened no conversation.')
    await client.filesUploadV2({
      channel_id: channel.id,
      file_uploads: files.map(({ name, data }) => ({ filename: name, file: Buffer.from(data) })),
    })
  } catch (error) {
    log.warn({ reason: codeOf(error) }, 'Slack did not take a file')
    const [told] = answersOf({ title: 'Slack did not take the files.', sections: [] }, log)
    if (told) await say(told)
  }
}

function formFor({ missing }: Reply, desk: Desk | null, { triggerId, place }: Way) {
  if (!missing || triggerId === undefined) return undefined
  const spec = desk?.commands.find(({ name }) => name === missing.command)
  return spec && renderModal(spec, missing, place)
}

/** A reply as Slack takes it: what is more than it takes is left out, with a mark. */
export function answersOf(reply: Reply, log: Logger): Answer[] {
  const isPrivate = reply.visibility !== 'channel'
  const onCut = () => log.warn('A text was too long for Slack and was cut')
  const pages = renderBlocks(reply, { onCut })
  if (pages.length > maxResponses) onCut()
  return pages.slice(0, maxResponses).map((page, at) => {
    const left = pages.length - maxResponses
    const isCut = at === maxResponses - 1 && left > 0
    return { ...page, blocks: isCut ? [...page.blocks, more(left)] : page.blocks, isPrivate }
  })
}

function more(pages: number): Page['blocks'][number] {
  const text = `… ${pages} more pages: ask for less at once.`
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
  }
}
