import { webApi } from '@slack/bolt'
import { ChatBusyError, ChatRefusedError } from '#errors/chat.ts'

/** What Slack says where a channel takes nothing, and what a person does about it. */
const closed: Record<string, string> = {
  channel_not_found: 'Invite the app there again: /invite @posse, or unsubscribe the channel.',
  not_in_channel: 'Invite the app there: /invite @posse.',
  is_archived: 'Unarchive the channel, or subscribe another one.',
  restricted_action: 'Ask an admin of the workspace to let the app post there.',
  restricted_action_thread_only_channel: 'Let the app post there outside of threads.',
  cannot_reply_to_message: 'Set the channel to layout:flat.',
  user_not_found: 'The account is gone: revoke it.',
  cannot_dm_bot: 'An account that is an app cannot be told anything.',
  messages_tab_disabled: 'Turn on the messages tab of the app.',
  missing_scope: 'Add the scope to the app and install it again: posse slack manifest.',
  team_access_not_granted: 'Install the app in that workspace.',
  ekm_access_denied: 'Ask an admin of the workspace.',
}

/** What Slack says where it takes nothing from the app at all. */
const revoked = new Set([
  'account_inactive',
  'invalid_auth',
  'not_authed',
  'token_expired',
  'token_revoked',
  'app_uninstalled',
  'no_permission',
])

/** An error of Slack as Posse knows it. Nothing of the request is in it: that holds a token. */
export function describeFailure(error: unknown, channel: string): Error {
  if (error instanceof webApi.WebAPIRateLimitedError) {
    return new ChatBusyError({ chat: 'slack', retryAfterSeconds: Math.max(1, error.retryAfter) })
  }
  if (error instanceof webApi.WebAPIPlatformError) {
    const { error: code } = error.data
    const reason = `Slack says ${code}`
    if (revoked.has(code)) {
      const hint = 'Put a valid token into the settings and start again.'
      return new ChatRefusedError({ channel: 'slack', scope: 'chat', reason, hint })
    }
    const hint = closed[code]
    if (hint) return new ChatRefusedError({ channel, scope: 'channel', reason, hint })
    return new Error(`Slack refused a message: ${code}.`)
  }
  if (error instanceof webApi.WebAPIHTTPError) {
    return new Error(`Slack answered with the status ${error.statusCode}.`)
  }
  if (error instanceof webApi.WebAPIRequestError) return new Error('Slack could not be reached.')
  return error instanceof Error ? error : new Error('Slack could not be asked.')
}

/** The code of an error of Slack's; empty where it is another one. */
export function codeOf(error: unknown): string {
  return error instanceof webApi.WebAPIPlatformError ? error.data.error : ''
}
