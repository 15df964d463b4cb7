import type { App } from '@slack/bolt'
import { answersOf } from './answerCall.ts'
import { callOf, keep, post, type Taking, teamOf } from './taking.ts'
import { textOfMessage } from './textOfMessage.ts'
import { unescapeText } from './unescapeText.ts'

/** Reactions by which a message goes into the timeline of its case. */
const noting: readonly string[] = ['memo', 'spiral_note_pad']

/** A message with such a reaction is noted as by its menu: with its own time, and once however many react. */
export function takeReactions(app: App, taking: Taking): void {
  app.event('reaction_added', async ({ event, client, body }) => {
    const { user, item, reaction } = event
    const shortcut = taking.desk?.shortcuts.find(({ id }) => id === 'timeline')
    if (!shortcut || item.type !== 'message' || !noting.includes(reaction)) return
    const { channel, ts } = item
    await keep(
      taking,
      (async () => {
        await taking.talk.once(body.event_id, async () => {
          // Finds what stands in a thread too.
          const { messages = [] } = await client.conversations.replies({ channel, ts, limit: 1 })
          const message = messages.find((each) => each.ts === ts)
          if (!message) return
          const text = unescapeText(textOfMessage(message))
          const author = String(message.user ?? 'somebody')
          const id = `slack:${channel}/${ts}`
          const { command, given } = shortcut.toCommand({ text, author, at: Number(ts), id })
          const team = teamOf(taking, body.team_id)
          const call = callOf({ team, text: command, user, name: user, channel })
          const reply = await taking.talk.run({ ...call, given })
          // Everybody sees the reaction: the answer is for whoever reacted.
          const [answer] = reply ? answersOf({ ...reply, visibility: 'private' }, taking.log) : []
          if (answer) await post(client, answer, { channel, user })
        })
      })(),
    )
  })
}
