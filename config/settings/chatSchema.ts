import { z } from 'zod'
import { section, text, url, whole } from './shapes.ts'

/** How a variable of the environment is written in the file. */
const variable = (name: string) => `"\${${name}}"`

/** What Slack's tokens begin with. @see https://docs.slack.dev/authentication/tokens */
const botToken = text(
  /^xoxb-\S{5,}$/,
  `write the bot token, such as ${variable('SLACK_BOT_TOKEN')} (xoxb-...)`,
)
const appToken = text(
  /^xapp-\S{5,}$/,
  `write the app token, such as ${variable('SLACK_APP_TOKEN')} (xapp-...)`,
)

const secret = (what: string, name: string) =>
  text(/^\S{8,}$/, `write ${what}, such as ${variable(name)}`)

/** An id as Slack and Discord give them; with several workspaces that of the workspace before it. */
const channel = text(
  /^[A-Za-z0-9]{1,40}(?:\.[A-Za-z0-9]{1,40})?$/,
  'write the id of a channel, such as "C024BE91L"',
)

/** 32 bytes for AES-256. */
const key = text(
  /^[0-9a-f]{64}$/i,
  `write a key of 64 hex digits, made by "openssl rand -hex 32", such as ${variable('POSSE_KEY')}`,
)

const slackShape = section({
  botToken: botToken.optional(),
  appToken: appToken.optional(),
  signingSecret: secret('the signing secret', 'SLACK_SIGNING_SECRET').optional(),
  port: whole(1, 65_535, 'a port').optional(),
  clientId: text(
    /^[\d.]{5,60}$/,
    'write the client id, such as "1234567890.1234567890"',
  ).optional(),
  clientSecret: secret('the client secret', 'SLACK_CLIENT_SECRET').optional(),
  stateSecret: secret('a secret of your own', 'SLACK_STATE_SECRET').optional(),
  key: key.optional(),
  home: channel.optional(),
  apiUrl: url(['https:', 'http:'], 'https://slack.com/api/').optional(),
})

type SlackShape = z.output<typeof slackShape>

/** How Slack is reached, and whose tokens are used. */
export type SlackSettings = {
  tokens:
    | { kind: 'one'; botToken: string }
    | { kind: 'many'; clientId: string; clientSecret: string; stateSecret: string; key: string }
  transport:
    | { kind: 'socket'; appToken: string }
    | { kind: 'http'; signingSecret: string; port: number }
  home?: string
  apiUrl?: string
}

export const slackSchema = slackShape.transform((given, { addIssue }): SlackSettings => {
  const lacks = (path: string, message: string) => {
    addIssue({ code: 'custom', message, path: [path] })
    return z.NEVER
  }
  const tokens = tokensOf(given)
  if (typeof tokens === 'string') {
    return lacks(tokens, 'name botToken, or clientId, clientSecret, stateSecret and key together')
  }
  const transport = transportOf(given)
  if (typeof transport === 'string') {
    return lacks(transport, 'name appToken for Socket Mode, or signingSecret and port for HTTP')
  }
  if (tokens.kind === 'many' && transport.kind === 'socket') {
    return lacks('signingSecret', 'several workspaces need signingSecret and port, no appToken')
  }
  const { home, apiUrl } = given
  return { tokens, transport, ...(home && { home }), ...(apiUrl && { apiUrl }) }
})

/** The name of what is missing, where something is. */
function tokensOf(given: SlackShape): SlackSettings['tokens'] | string {
  const { botToken, clientId, clientSecret, stateSecret, key } = given
  if (clientId === undefined) return botToken ? { kind: 'one', botToken } : 'botToken'
  if (!clientSecret) return 'clientSecret'
  if (!stateSecret) return 'stateSecret'
  if (!key) return 'key'
  return { kind: 'many', clientId, clientSecret, stateSecret, key }
}

function transportOf(given: SlackShape): SlackSettings['transport'] | string {
  const { appToken, signingSecret, port } = given
  if (appToken) return { kind: 'socket', appToken }
  if (!signingSecret) return 'appToken'
  return port === undefined ? 'port' : { kind: 'http', signingSecret, port }
}

const snowflake = text(
  /^\d{5,25}$/,
  'write the id as Discord copies it, such as "80351110224678912"',
)

export const discordSchema = section({
  token: text(/^\S{20,}$/, `write the bot token, such as ${variable('DISCORD_TOKEN')}`),
  guilds: z.array(snowflake, { error: 'write a list of server ids' }).optional(),
  home: snowflake.optional(),
  apiUrl: url(['https:', 'http:'], 'https://discord.com/api').optional(),
})

export type DiscordSettings = z.output<typeof discordSchema>
