import {
  ApplicationCommandAutocompleteCallbackRequestSchema,
  ApplicationCommandUpdateRequestSchema,
  CreateGuildChannelRequestSchema,
  CreateMessageInteractionCallbackRequestSchema,
  CreatePrivateChannelRequestSchema,
  CreateTextThreadWithMessageRequestSchema,
  CreateTextThreadWithoutMessageRequestSchema,
  IncomingWebhookUpdateForInteractionCallbackRequestPartialSchema,
  MessageCreateRequestSchema,
  MessageEditRequestPartialSchema,
  ModalInteractionCallbackRequestSchema,
} from 'discord-api-spec/zod'
import { z } from 'zod'
import * as limits from '#adapters/chat/discord/limits.ts'
import type { ProxiedRequest } from './faultProxy.ts'

type Body = Record<string, unknown>

/** A message that waits for its answer: the description has it and the package lacks its body. */
const deferred = z.object({ type: z.literal(5), data: z.object({ flags: z.literal(64) }) })

/** What the official description says of each request that we make. */
const schemas: [RegExp, z.core.$ZodType][] = [
  [/^POST \S*\/channels\/\d+\/messages$/, MessageCreateRequestSchema],
  [/^PATCH \S*\/channels\/\d+\/messages\/\d+$/, MessageEditRequestPartialSchema],
  [/^POST \S*\/messages\/\d+\/threads$/, CreateTextThreadWithMessageRequestSchema],
  [/^POST \S*\/channels\/\d+\/threads$/, CreateTextThreadWithoutMessageRequestSchema],
  [/^POST \S*\/guilds\/\d+\/channels$/, CreateGuildChannelRequestSchema],
  [/^POST \S*\/users\/@me\/channels$/, CreatePrivateChannelRequestSchema],
  [/^PUT \S*\/guilds\/\d+\/commands$/, z.array(ApplicationCommandUpdateRequestSchema)],
  [
    /^POST \S*\/interactions\/\d+\/[^/]+\/callback/,
    z.union([
      CreateMessageInteractionCallbackRequestSchema,
      ModalInteractionCallbackRequestSchema,
      ApplicationCommandAutocompleteCallbackRequestSchema,
      deferred,
    ]),
  ],
  [
    /^(?:POST|PATCH) \S*\/webhooks\/\d+\/[^/]+/,
    IncomingWebhookUpdateForInteractionCallbackRequestPartialSchema,
  ],
]

/** What Discord would refuse of a request, and what nobody wants to be sent. */
export function checkDiscordRequest({ method, path, body: text }: ProxiedRequest): string[] {
  if (method === 'GET' || text === '') return []
  const [bare = ''] = path.split('?')
  const call = `${method} ${bare}`
  const where = call.replace(/\d{6,}/g, 'ID').replace(/ID\/[^/]{20,}/, 'ID/TOKEN')
  const known = schemas.find(([pattern]) => pattern.test(call))
  if (!known) return [`${where}: nobody said that we ask for this`]
  // The page on commands has permissions as a text, since they outgrow a number; the description has a number.
  const body: unknown = JSON.parse(text, (key, value) =>
    key === 'default_member_permissions' && value !== null ? Number(value) : value,
  )
  const parsed = z.safeParse(known[1], body)
  const faults = parsed.success
    ? []
    : parsed.error.issues.map(({ path: at, message }) => `${at.map(String).join('.')}: ${message}`)
  const more = Array.isArray(body) ? body.flatMap(checkCommand) : checkMessage(body as Body)
  return [...faults, ...more].map((fault) => `${where}: ${fault}`)
}

/** What the description does not say: see the page on messages. */
function checkMessage(body: Body): string[] {
  const data = ('data' in body && typeof body.data === 'object' ? body.data : body) as Body
  const faults: string[] = []
  const { content, embeds = [], allowed_mentions: mentions, nonce } = data
  if (typeof content === 'string' && content.length > 2_000) faults.push('content over 2,000')
  const sum = (embeds as Body[]).reduce((all, each) => all + textOf(each), 0)
  if (sum > limits.maxEmbedText) faults.push(`${sum} characters in embeds`)
  if (String(nonce ?? '').length > limits.maxNonce) faults.push('the nonce is too long')
  if (content !== undefined || (embeds as Body[]).length > 0) {
    const { parse = ['all'] } = (mentions ?? {}) as { parse?: string[] }
    if (parse.length > 0) faults.push('mentions are not turned off')
  }
  return faults
}

/** A command's names, descriptions and values together, as Discord counts them. */
export function commandLength(command: unknown): number {
  const {
    name = '',
    description = '',
    options = [],
    choices = [],
    value,
  } = command as {
    name?: string
    description?: string
    options?: unknown[]
    choices?: unknown[]
    value?: string
  }
  const inner = [...options, ...choices].reduce((sum: number, each) => sum + commandLength(each), 0)
  return name.length + description.length + String(value ?? '').length + inner
}

function checkCommand(command: unknown): string[] {
  const faults: string[] = []
  const { name, type } = command as { name: string; type: number }
  if (commandLength(command) > limits.maxCommandText) faults.push(`/${name} is too long`)
  const visit = (each: unknown) => {
    const { name: own, description, options = [] } = each as Body & { options?: unknown[] }
    if (!/^[-_'\p{Ll}\p{N}]{1,32}$/u.test(String(own))) faults.push(`the name ${own}`)
    const length = String(description ?? '').length
    if (length < 1 || length > limits.maxCommandDescription) faults.push(`description of ${own}`)
    if (options.length > limits.maxCommandOptions) faults.push(`${options.length} options`)
    for (const option of options) visit(option)
  }
  if (type === 1) visit(command)
  return faults
}

function textOf(embed: unknown): number {
  if (typeof embed === 'string') return embed.length
  if (Array.isArray(embed)) return embed.reduce((sum: number, each) => sum + textOf(each), 0)
  if (typeof embed !== 'object' || embed === null) return 0
  const { title, description, fields, footer } = embed as Body
  return [title, description, fields, (footer as Body | undefined)?.text].reduce(
    (sum: number, each) => sum + textOf(each ?? ''),
    0,
  )
}
