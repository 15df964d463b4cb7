import { PermissionFlagsBits } from 'discord.js'

/** What the bot asks for in a server, and why. */
const wanted = [
  {
    name: 'View Channels',
    bit: PermissionFlagsBits.ViewChannel,
    why: 'to find the channels that subscribe',
  },
  { name: 'Send Messages', bit: PermissionFlagsBits.SendMessages, why: 'to post alerts' },
  { name: 'Embed Links', bit: PermissionFlagsBits.EmbedLinks, why: 'since alerts are cards' },
  {
    name: 'Create Public Threads',
    bit: PermissionFlagsBits.CreatePublicThreads,
    why: 'to put the hops behind a card under it, and to open a thread for a case',
  },
  {
    name: 'Send Messages in Threads',
    bit: PermissionFlagsBits.SendMessagesInThreads,
    why: 'to post there',
  },
  {
    name: 'Mention Everyone',
    bit: PermissionFlagsBits.MentionEveryone,
    why: 'to call a role that not everybody may mention; nobody else is ever mentioned. Optional',
  },
  {
    name: 'Manage Channels',
    bit: PermissionFlagsBits.ManageChannels,
    why: 'to make a channel for a case with in:channel. Optional',
  },
] as const

export type Invite = { url: string; permissions: { name: string; why: string }[] }

/** The page on which an admin of a server lets the bot in, and what each permission is for. */
export function renderInvite({ applicationId }: { applicationId: string }): Invite {
  const url = new URL('https://discord.com/oauth2/authorize')
  url.searchParams.set('client_id', applicationId)
  url.searchParams.set('scope', 'bot applications.commands')
  const bits = wanted.reduce((sum, { bit }) => sum | bit, 0n)
  url.searchParams.set('permissions', String(bits))
  return { url: url.href, permissions: wanted.map(({ name, why }) => ({ name, why })) }
}
