import type {
  AutocompleteInteraction,
  ChatInputCommandInteraction,
  Client,
  Interaction,
  MessageContextMenuCommandInteraction,
} from 'discord.js'
import type { CommandCall } from '#types/chat.ts'
import type { Filled } from '#types/message.ts'
import { textOf } from '#utils/textOf.ts'
import { type Answerable, type Answering, answerInteraction } from './answerInteraction.ts'
import { maxChoices, maxChoiceText } from './limits.ts'
import { againPrefix, formPrefix } from './modal.ts'
import { type Commands, whoIs } from './renderCommands.ts'
import { runPrefix } from './renderEmbeds.ts'

export type Taking = Answering & { commands: Commands }

/** Hands on everything that people can do in Discord, as commands. */
export function takeInteractions(client: Client, taking: Taking): void {
  client.on('interactionCreate', (interaction) => {
    const { talk, log } = taking
    talk.keep(
      talk
        .once(interaction.id, () => take(taking, interaction))
        .catch((error: unknown) => {
          // An error of Discord's holds its request: only what it says is kept.
          const said = error instanceof Error ? error.message : 'no error'
          log.error({ said, interaction: interaction.id }, 'A command was not answered in Discord')
        }),
    )
  })
}

async function take(taking: Taking, interaction: Interaction): Promise<void> {
  if (interaction.isAutocomplete()) return await complete(taking, interaction)
  const filled = commandOf(taking, interaction)
  if (filled === 'again' && interaction.isButton()) {
    const kept = taking.forms.recall(interaction.customId)
    const spec = taking.desk?.commands.find(({ name }) => name === kept?.command)
    if (kept && spec) await interaction.showModal(taking.forms.open(spec, kept.given))
    else await interaction.reply({ content: 'This form is too old: type the command.', flags: 64 })
    return
  }
  if (filled === null || filled === 'again') return
  await answerInteraction(taking, interaction as Answerable, callOf(interaction, filled))
}

/** What an interaction asks for; `given` is left out where the command is a line as one types it. */
type Asked = { command: string; given?: Filled['given'] }

function commandOf(taking: Taking, interaction: Interaction): Asked | 'again' | null {
  if (interaction.isChatInputCommand()) return slashOf(taking, interaction)
  if (interaction.isButton()) {
    const { customId } = interaction
    if (customId.startsWith(againPrefix)) return 'again'
    return customId.startsWith(runPrefix) ? { command: customId.slice(runPrefix.length) } : null
  }
  if (interaction.isModalSubmit() && interaction.customId.startsWith(formPrefix)) {
    const fields = interaction.fields.fields.map((field) => [field.customId, valueOfField(field)])
    return taking.forms.close(interaction.customId, Object.fromEntries(fields))
  }
  if (interaction.isMessageContextMenuCommand()) return shortcutOf(taking, interaction)
  if (interaction.isUserContextMenuCommand() && interaction.commandName === whoIs) {
    return { command: 'whois', given: { account: `discord:${interaction.targetId}` } }
  }
  return null
}

/** What was typed, or chosen from a menu. */
function valueOfField(field: object): string {
  if ('value' in field && typeof field.value === 'string') return field.value
  return 'values' in field && Array.isArray(field.values) ? field.values.join(' ') : ''
}

function slashOf(
  { commands }: Taking,
  { commandName, options }: ChatInputCommandInteraction,
): Asked | null {
  const verb = options.getSubcommand(false) ?? ''
  const command = commands.nameOf(`${commandName} ${verb}`)
  if (command === undefined) return null
  const values = options.data.flatMap((option) => option.options ?? [])
  const given = values.map(({ name, value }) => [name, String(value ?? '')])
  return { command, given: Object.fromEntries(given) }
}

function shortcutOf(
  { desk }: Taking,
  { commandName, targetMessage, channelId }: MessageContextMenuCommandInteraction,
): Filled | null {
  const shortcut = desk?.shortcuts.find(({ label }) => label === commandName)
  if (!shortcut) return null
  const { content, embeds, author, createdTimestamp, id } = targetMessage
  const texts = embeds.flatMap(({ title, description, fields }) => [
    title ?? '',
    description ?? '',
    ...fields.map(({ value }) => value),
  ])
  return shortcut.toCommand({
    text: [content, ...texts].join(' ').trim(),
    author: author.displayName,
    at: Math.floor(createdTimestamp / 1000),
    id: `discord:${channelId}/${id}`,
  })
}

function callOf({ user, channelId, member }: Interaction, { command, given }: Asked): CommandCall {
  const nick = member && 'displayName' in member ? member.displayName : undefined
  return {
    text: command,
    ...(given && { given }),
    user: { id: `discord:${user.id}`, name: nick ?? user.displayName },
    channel: `discord:${channelId}`,
  }
}

async function complete(
  { desk, commands }: Taking,
  interaction: AutocompleteInteraction,
): Promise<void> {
  const verb = interaction.options.getSubcommand(false) ?? ''
  const command = commands.nameOf(`${interaction.commandName} ${verb}`)
  const { name: word, value: typed } = interaction.options.getFocused(true)
  const values =
    desk && command !== undefined
      ? await desk.complete({ account: `discord:${interaction.user.id}`, command, word, typed })
      : []
  const fitting = values.filter((value) => value.length <= maxChoiceText && value !== '')
  await interaction.respond(
    fitting.slice(0, maxChoices).map((value) => ({ name: textOf(value), value })),
  )
}
