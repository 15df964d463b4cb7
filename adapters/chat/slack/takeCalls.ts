import { setTimeout as wait } from 'node:timers/promises'
import type { AllMiddlewareArgs, App, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt'
import { type Answer, answerCall, answersOf, attach, type Way } from './answerCall.ts'
import { formAckMs } from './limits.ts'
import { formId, readModal } from './modal.ts'
import { publishHome } from './publishHome.ts'
import { fallbackOf } from './renderBlocks.ts'
import { takeReactions } from './takeReactions.ts'
import {
  callOf,
  keep,
  post,
  shortcutId,
  type Taking,
  teamOf,
  toResponse,
  withoutPrefix,
} from './taking.ts'
import { textOfMessage } from './textOfMessage.ts'
import { unescapeText } from './unescapeText.ts'

/** Hands on everything that people can do in Slack, as commands. */
export function takeCalls(app: App, taking: Taking): void {
  takeCommands(app, taking)
  takeMentions(app, taking)
  takeButtons(app, taking)
  takeShortcuts(app, taking)
  takeReactions(app, taking)
  takeForms(app, taking)
  takeHome(app, taking)
  takeEnds(app, taking)
}

function takeCommands(app: App, taking: Taking): void {
  app.command('/posse', async ({ command, ack, respond, client }) => {
    const { channel_id: channel, trigger_id: triggerId, user_id: user, user_name: name } = command
    const team = teamOf(taking, command.team_id)
    const call = callOf({ team, text: unescapeText(command.text ?? ''), user, name, channel })
    const way: Way = {
      id: triggerId,
      client,
      triggerId,
      place: { channel },
      isInline: true,
      ack: async (answer) => await (answer ? ack(toResponse(answer)) : ack()),
      say: async (answer) => void (await respond(toResponse(answer))),
    }
    await keep(taking, answerCall(taking, call, way))
  })
}

/** A command inside a thread, where Slack has none: the app is mentioned. */
function takeMentions(app: App, taking: Taking): void {
  app.event('app_mention', async ({ event, client, body }) => {
    const { user, channel, ts } = event
    // A bot that answers a bot never ends.
    if (user === undefined || event.bot_id !== undefined) return
    const isThreadOpen = event.thread_ts !== undefined
    const place = { channel, thread: event.thread_ts ?? ts, isThreadOpen }
    const text = unescapeText(event.text.replace(/^[^<]*<@\w+(?:\|[^>]*)?>/, '')).trim()
    const call = callOf({ team: teamOf(taking, body.team_id), text, user, name: user, channel })
    const way: Way = {
      id: body.event_id,
      client,
      place,
      isInline: false,
      ack: async () => undefined,
      say: (answer) => post(client, answer, { ...place, user }),
    }
    await keep(taking, answerCall(taking, withoutPrefix(call), way))
  })
}

function takeButtons(app: App, taking: Taking): void {
  app.action({ type: 'block_actions', action_id: /^run:/ }, async (args) => {
    const { action, body, ack, respond, client } = args
    const text = 'value' in action && typeof action.value === 'string' ? action.value : ''
    const user = body.user.id
    const team = teamOf(taking, body.team?.id)
    const channel = body.channel?.id
    const { message } = body
    const isThreadOpen = message?.thread_ts !== undefined
    const thread = message === undefined ? undefined : String(message.thread_ts ?? message.ts)
    const name = body.user.name ?? body.user.username ?? user
    const userTeam = teamOf(taking, body.user.team_id ?? body.team?.id)
    const call = callOf({ team, userTeam, text, user, name, channel: channel ?? `@${user}` })
    const place = {
      channel: channel ?? user,
      ...(thread !== undefined && { thread, isThreadOpen }),
    }
    const way: Way = {
      id: body.trigger_id,
      client,
      triggerId: body.trigger_id,
      place,
      isInline: false,
      ack: async () => await ack(),
      // The card itself shows what became of it.
      say: async (answer) => {
        if (channel === undefined) await post(client, answer, { channel: user, user })
        else await respond(toResponse({ ...answer, isPrivate: true }))
      },
    }
    await keep(taking, answerCall(taking, call, way))
    if (channel === undefined) await publishHome(client, taking, { user, team })
  })
}

function takeShortcuts(app: App, taking: Taking): void {
  app.shortcut({ type: 'message_action', callback_id: /^posse_/ }, async (args) => {
    const { shortcut, ack, respond, client } = args
    const known = taking.desk?.shortcuts.find(
      ({ id }) => shortcut.callback_id === shortcutId({ id }),
    )
    if (!known) return await ack()
    const { user, message, channel } = shortcut
    const at = Number(message.ts)
    const author = String(message.user ?? message.username ?? 'somebody')
    const id = `slack:${channel.id}/${message.ts}`
    const text = unescapeText(textOfMessage(message))
    const filled = known.toCommand({ text, author, at, id })
    const team = teamOf(taking, shortcut.team?.id)
    const base = callOf({
      team,
      userTeam: teamOf(taking, user.team_id ?? shortcut.team?.id),
      text: filled.command,
      user: user.id,
      name: user.name,
      channel: channel.id,
    })
    const isThreadOpen = message.thread_ts !== undefined
    const thread = String(message.thread_ts ?? message.ts)
    const place = { channel: channel.id, thread, isThreadOpen }
    const way: Way = {
      id: shortcut.trigger_id,
      client,
      triggerId: shortcut.trigger_id,
      place,
      isInline: false,
      ack: async () => await ack(),
      say: async (answer) => {
        if (answer.isPrivate) await respond(toResponse(answer))
        else await post(client, answer, { ...place, user: user.id })
      },
    }
    await keep(taking, answerCall(taking, { ...base, given: filled.given }, way))
  })
}

/** A form that was sent: what is wrong in it is said beside the field, and the form stays open. */
function takeForms(app: App, taking: Taking): void {
  app.view<ViewSubmitAction>({ callback_id: formId, type: 'view_submission' }, async (args) => {
    const { body, ack } = args
    // The form that is sent again after a mistake keeps its own id.
    const isFirst = await taking.talk.once(body.trigger_id, () => submitForm(taking, args))
    if (!isFirst) await ack()
  })
}

async function submitForm(
  taking: Taking,
  { view, body, ack, client }: SlackViewMiddlewareArgs<ViewSubmitAction> & AllMiddlewareArgs,
): Promise<void> {
  const { command, given, place } = readModal(view)
  const { id: user, name } = body.user
  const team = teamOf(taking, body.team?.id)
  const call = callOf({ team, text: command, user, name, channel: place.channel })
  const work = taking.talk.run({ ...call, given })
  // What is wrong in a form can be said beside its fields until it is acknowledged.
  const quick = await Promise.race([work, wait(formAckMs, undefined, { ref: false })])
  if (quick === undefined) await ack()
  const reply = quick ?? (await work)
  if (reply === null) return quick === undefined ? undefined : await ack()
  const fields = Object.keys(view.state.values)
  if (quick && (reply.fault !== undefined || reply.missing)) {
    const field = fields.find((word) => word === reply.fault) ?? fields.at(0) ?? ''
    const text = fallbackOf({ ...reply, sections: [] })
    return await ack({ response_action: 'errors', errors: { [field]: text } })
  }
  if (quick) await ack()
  await keep(
    taking,
    (async () => {
      for (const answer of answersOf(reply, taking.log)) {
        await post(client, answer, { ...place, user })
      }
      const say = (answer: Answer) => post(client, answer, { ...place, user })
      await attach(reply, { user: call.user.id, client, say, log: taking.log })
    })(),
  )
}

/** The tokens of a workspace that removes the app are worth nothing any more. */
function takeEnds(app: App, { forget }: Taking): void {
  app.event('app_uninstalled', async ({ body }) => await forget(body.team_id))
  app.event('tokens_revoked', async ({ event, body }) => {
    if (event.tokens.bot?.length) await forget(body.team_id)
  })
}

function takeHome(app: App, taking: Taking): void {
  app.event('app_home_opened', async ({ event, client, body }) => {
    const team = teamOf(taking, body.team_id)
    if (event.tab === 'home') await publishHome(client, taking, { user: event.user, team })
  })
}
