import { setTimeout as wait } from 'node:timers/promises'
import type {
  ButtonInteraction,
  ChatInputCommandInteraction,
  ContextMenuCommandInteraction,
  ModalSubmitInteraction,
} from 'discord.js'
import { MessageFlags } from 'discord.js'
import type { Logger } from 'pino'
import type { CommandCall } from '#types/chat.ts'
import type { Desk } from '#types/desk.ts'
import type { Filled, Reply } from '#types/message.ts'
import type { Talk } from '#utils/createTalk.ts'
import { ackMs, maxAnswers, maxFiles } from './limits.ts'
import type { Forms } from './modal.ts'
import { type Page, renderActions, renderEmbeds } from './renderEmbeds.ts'

export type Answerable =
  | ButtonInteraction
  | ChatInputCommandInteraction
  | ContextMenuCommandInteraction
  | ModalSubmitInteraction

/** What answering needs. */
export type Answering = { talk: Talk; desk: Desk | null; forms: Forms; log: Logger }

const nobody = { parse: [] }

/**
 * Runs a command and answers: at once where that is quick, else put off first. A command that lacks options is answered
 * with a form for them.
 */
export async function answerInteraction(
  answering: Answering,
  interaction: Answerable,
  call: CommandCall,
): Promise<void> {
  const { talk, forms, log } = answering
  const work = talk.run(call)
  const quick = await Promise.race([work, wait(ackMs, undefined, { ref: false })])
  if (quick === undefined) await interaction.deferReply({ flags: MessageFlags.Ephemeral })
  const reply = quick ?? (await work)
  if (reply === null) return
  const spec = answering.desk?.commands.find(({ name }) => name === reply.missing?.command)
  if (quick && spec && reply.missing && !interaction.isModalSubmit()) {
    await interaction.showModal(forms.open(spec, reply.missing.given))
    return
  }
  const pages = pagesOf(reply, log)
  const again = interaction.isModalSubmit() ? againButton(forms, call, reply) : []
  // The card of a button itself shows what became of it.
  const isPrivate = interaction.isButton() || reply.visibility !== 'channel'
  if (quick) await say(interaction, { pages, again, isPrivate })
  else await follow(interaction, { pages, again, isPrivate })
  await attach(interaction, reply)
}

/** Files are for whoever asked; Discord takes ten at once. */
async function attach(interaction: Answerable, { files = [] }: Reply): Promise<void> {
  if (files.length === 0) return
  const attached = files.map(({ name, data }) => ({ name, attachment: Buffer.from(data) }))
  const flags = MessageFlags.Ephemeral as const
  await interaction.followUp({ files: attached.slice(0, maxFiles), flags, allowedMentions: nobody })
}

type Answer = { pages: Page[]; again: Page['components']; isPrivate: boolean }

async function say(
  interaction: Answerable,
  { pages: [first, ...rest], again, isPrivate }: Answer,
): Promise<void> {
  if (!first) return
  const flags = isPrivate ? { flags: MessageFlags.Ephemeral as const } : {}
  await interaction.reply({ ...withAgain(first, again), ...flags, allowedMentions: nobody })
  for (const page of rest) {
    await interaction.followUp({ ...page, ...flags, allowedMentions: nobody })
  }
}

/** What was put off is seen by one person alone: what all are to see follows it. */
async function follow(
  interaction: Answerable,
  { pages: [first, ...rest], again, isPrivate }: Answer,
): Promise<void> {
  if (!first) return
  if (isPrivate)
    await interaction.editReply({ ...withAgain(first, again), allowedMentions: nobody })
  else {
    await interaction.editReply({ content: 'Done: see below.', allowedMentions: nobody })
    await interaction.followUp({ ...first, allowedMentions: nobody })
  }
  const flags = isPrivate ? { flags: MessageFlags.Ephemeral as const } : {}
  for (const page of rest) {
    await interaction.followUp({ ...page, ...flags, allowedMentions: nobody })
  }
}

function withAgain(page: Page, again: Page['components']): Page {
  return { ...page, components: [...page.components, ...again].slice(0, 5) }
}

/** Discord closes a form before it is looked at: whoever got something wrong opens it again. */
function againButton(forms: Forms, { text, given }: CommandCall, reply: Reply): Page['components'] {
  if (reply.fault === undefined && !reply.missing) return []
  const filled: Filled = { command: text, given: given ?? {} }
  const [row] = renderActions([{ label: 'Try again', command: 'x', style: 'primary' }])
  const [button] = row?.components ?? []
  if (!row || button?.type !== 2 || !('custom_id' in button)) return []
  return [{ ...row, components: [{ ...button, custom_id: forms.keep(filled) }] }]
}

/** A reply as Discord takes it: what is more than it takes is left out, with a mark. */
function pagesOf(reply: Reply, log: Logger): Page[] {
  const onCut = () => log.warn('A text was too long for Discord and was cut')
  const pages = renderEmbeds(reply, { onCut })
  const left = pages.length - maxAnswers
  if (left <= 0) return pages
  onCut()
  const more = { description: `… ${left} more pages: ask for less at once.` }
  return pages.slice(0, maxAnswers).map((page, at) => {
    // Both together are within the limit of a message.
    return at === maxAnswers - 1 ? { ...page, embeds: [...page.embeds, more] } : page
  })
}
