import type { CommandSpec, Shortcut } from '#types/desk.ts'
import { shortcutId } from './taking.ts'

/** Characters of the hint behind a slash command, and of texts about the app. @see https://docs.slack.dev/reference/app-manifest */
const maxHint = 1_000
const maxDescription = 140
const maxShortcut = 24

/** What the app asks for in a workspace, and why. */
export const scopes = [
  { scope: 'commands', why: 'to be asked by /posse and by the menu of a message' },
  { scope: 'chat:write', why: 'to post alerts and answers where it was invited' },
  { scope: 'app_mentions:read', why: 'to be asked inside threads, where Slack has no commands' },
  {
    scope: 'channels:history',
    why: 'to find its own last message in a public channel after a crash, so that no alert shows twice',
  },
  { scope: 'groups:history', why: 'the same in a private channel' },
  { scope: 'channels:manage', why: 'to make a channel for a case, only when somebody asks for it' },
  { scope: 'files:write', why: 'to give evidence to whoever asks for it, in a direct message' },
  { scope: 'reactions:read', why: 'to put a message with a memo reaction into the timeline' },
  { scope: 'im:write', why: 'to tell one person directly, such as whoever asked for access' },
] as const

/**
 * The manifest from which Slack makes the app. With `url` Slack sends requests there, without it the app opens a socket
 * and needs no public address.
 */
export function renderManifest({
  specs,
  shortcuts,
  url,
}: {
  specs: readonly CommandSpec[]
  shortcuts: readonly Shortcut[]
  url?: string
}) {
  const request = url === undefined ? {} : { request_url: `${url}/slack/events` }
  const command = url === undefined ? {} : { url: `${url}/slack/events` }
  const names = [...new Set(specs.map(({ name }) => name))].join(' | ')
  return {
    display_information: {
      name: 'Posse',
      description: 'Follows stolen funds and tells the people who can stop them.'.slice(
        0,
        maxDescription,
      ),
      background_color: '#1f2937',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true },
      bot_user: { display_name: 'posse', always_online: true },
      shortcuts: shortcuts.map((shortcut) => ({
        name: shortcut.label.slice(0, maxShortcut),
        type: 'message',
        callback_id: shortcutId(shortcut),
        description: shortcut.label,
      })),
      slash_commands: [
        {
          command: '/posse',
          ...command,
          description: 'Look up, flag, acknowledge, subscribe: /posse help',
          usage_hint: names.length > maxHint ? `${names.slice(0, maxHint - 1)}…` : names,
          should_escape: true,
        },
      ],
    },
    oauth_config: {
      ...(url !== undefined && { redirect_urls: [`${url}/slack/oauth_redirect`] }),
      scopes: { bot: scopes.map(({ scope }) => scope) },
    },
    settings: {
      event_subscriptions: {
        ...request,
        bot_events: [
          'app_home_opened',
          'app_mention',
          'app_uninstalled',
          'reaction_added',
          'tokens_revoked',
        ],
      },
      interactivity: { is_enabled: true, ...request },
      org_deploy_enabled: false,
      socket_mode_enabled: url === undefined,
      token_rotation_enabled: false,
    },
  }
}
