import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { checkSlackRequest, fieldsOf } from './checkSlackRequest.ts'
import { createFaultProxy, type ProxiedAnswer, type ProxiedRequest } from './faultProxy.ts'
import { freePort } from './freePort.ts'

/** What the workspace of the tests knows; no secret of anybody. */
export const slackTokens = {
  botToken: 'xoxb-test-token-of-nobody',
  appToken: 'xapp-test-token-of-nobody',
  signingSecret: 'test-signing-secret-of-nobody',
}

export const slackPeople = { ann: 'U01ANN', bob: 'U02BOB', eve: 'U03EVE' }

/** An app that Slack reaches by a socket, and one that it reaches by requests. */
const apps = { socket: 'A01SOCKET', http: 'A02HTTP' }

type SlackMessage = {
  ts: string
  thread_ts?: string
  text: string
  blocks?: unknown[]
  user: string
  ephemeral_to?: string
}

/**
 * A Slack on this machine (local-slack, which nobody here wrote) behind a proxy that makes it fail as Slack does, keeps
 * the metadata of messages, which it drops, and checks every request against Slack's limits.
 */
export async function startSlackPeer({
  channels = ['C01ALERTS'],
  answer = () => null,
}: {
  channels?: string[]
  /** Answers what the peer lacks. */
  answer?: (request: ProxiedRequest) => ProxiedAnswer | null
} = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'posse-slack-'))
  const port = await freePort()
  const eventsPort = await freePort()
  const target = `http://127.0.0.1:${port}`
  const events = await createFaultProxy({ target: `http://127.0.0.1:${eventsPort}` })
  writeFileSync(join(folder, 'config.json'), JSON.stringify(configOf(channels, events.url)))
  const binary = 'node_modules/local-slack-linux-x64/bin/local-slack'
  const args = ['--config', join(folder, 'config.json'), '--port', String(port)]
  const child = spawn(binary, [...args, '--base-host', '127.0.0.1'], {
    stdio: 'ignore',
    env: { PATH: process.env.PATH, HOME: folder },
  })
  await untilUp(target)
  const metadata = new Map<string, unknown>()
  const proxy = await createFaultProxy({
    target,
    check: checkSlackRequest,
    answer,
    amend: (request, answer) => keepMetadata(metadata, request, answer, proxyUrl),
    amendFrame: (text) => text.replaceAll(target, proxyUrl()),
  })
  function proxyUrl(): string {
    return proxy.url
  }

  const control = async (path: string, body?: object) => {
    const init = body && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
    return await (await fetch(`${target}/_control${path}`, init)).json()
  }

  async function messages(channel = channels[0] ?? ''): Promise<SlackMessage[]> {
    const { messages: all } = (await control(`/messages/${channel}`)) as {
      messages: SlackMessage[]
    }
    return all
  }

  return {
    proxy,
    events,
    eventsPort,
    apiUrl: `${proxy.url}/api/`,
    control,
    messages,
    /** What people see in a channel, in the order of posting. */
    seen: async (channel?: string) => (await messages(channel)).map(textOfMessage).join('\n'),
    type: (
      text: string,
      { user = slackPeople.ann, channel = channels[0], via = 'socket' as keyof typeof apps } = {},
    ) => control('/command', { appId: apps[via], user, channel, command: '/posse', text }),
    mention: (text: string, { user = slackPeople.ann, channel = channels[0], thread = '' } = {}) =>
      control('/message', {
        user,
        channel,
        text: `<@U0SOCKET> ${text}`,
        ...(thread && { thread_ts: thread }),
      }),
    async press(label: string, { user = slackPeople.ann, channel = channels[0], at = -1 } = {}) {
      const found = (await messages(channel)).filter((each) => buttonOf(each, label)).at(at)
      if (!found) throw new Error(`No message has a button "${label}".`)
      const action = buttonOf(found, label)
      await control('/interact', { channel, messageTs: found.ts, user, action })
      return found
    },
    submit: (values: Record<string, string>, { user = slackPeople.ann } = {}) =>
      submitView(target, { values, user }),
    openHome: (user = slackPeople.ann) => control('/open-home', { appId: apps.socket, user }),
    readUi: () => readUi(target),
    async close() {
      child.kill('SIGKILL')
      await proxy.close()
      await events.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type SlackPeer = Awaited<ReturnType<typeof startSlackPeer>>

function configOf(channels: readonly string[], eventsUrl: string) {
  const { botToken, appToken, signingSecret } = slackTokens
  const users = Object.entries(slackPeople).map(([name, id]) => ({ id, name }))
  const members = [...users.map(({ id }) => id), 'U0SOCKET', 'U0HTTP']
  return {
    workspace: { name: 'Test', domain: 'test', teamId: 'T01TEST' },
    apps: [
      {
        appId: apps.socket,
        botUserId: 'U0SOCKET',
        botName: 'posse',
        botToken,
        appToken,
        signingSecret,
        mode: 'socket',
      },
      {
        appId: apps.http,
        botUserId: 'U0HTTP',
        botName: 'posse-http',
        botToken: `${botToken}-http`,
        appToken: `${appToken}-http`,
        signingSecret,
        mode: 'events',
        requestUrl: `${eventsUrl}/slack/events`,
      },
    ],
    users,
    channels: channels.map((id) => ({ id, name: id.toLowerCase(), members })),
  }
}

async function untilUp(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const isUp = await fetch(`${url}/_control/state`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isUp) return
    await wait(50)
  }
  throw new Error('The Slack of the tests does not start.')
}

/** The peer forgets metadata, and names itself in the URL of its socket. */
function keepMetadata(
  metadata: Map<string, unknown>,
  request: ProxiedRequest,
  answer: ProxiedAnswer,
  proxyUrl: () => string,
): ProxiedAnswer {
  const { path } = request
  if (path.endsWith('/apps.connections.open')) {
    const body = answer.body.replace(/ws:\/\/127\.0\.0\.1:\d+/, proxyUrl().replace('http', 'ws'))
    return { ...answer, body }
  }
  if (path.endsWith('/chat.postMessage')) {
    const { metadata: given } = fieldsOf(request)
    const { channel, ts } = JSON.parse(answer.body)
    if (given !== undefined) metadata.set(`${channel} ${ts}`, given)
  }
  if (/conversations\.(?:history|replies)$/.test(path)) {
    const { channel } = fieldsOf(request)
    const body = JSON.parse(answer.body)
    for (const message of body.messages ?? []) {
      const kept = metadata.get(`${channel} ${message.ts}`)
      if (kept !== undefined) message.metadata = kept
    }
    return { ...answer, body: JSON.stringify(body) }
  }
  return answer
}

/** All text of a message in the order in which people read it. */
export function textOfMessage({
  text,
  blocks = [],
}: Pick<SlackMessage, 'text' | 'blocks'>): string {
  const shown = blocks.map(textOfBlock).join('\n')
  return shown === '' ? text : shown
}

function textOfBlock(block: unknown): string {
  if (Array.isArray(block)) return block.map(textOfBlock).join(' ')
  if (typeof block !== 'object' || block === null) return ''
  const {
    type,
    text,
    elements,
    url,
    fallback,
    usergroup_id: group,
  } = block as Record<string, unknown>
  if (type === 'date') return String(fallback)
  if (type === 'usergroup') return `@${group}`
  if (type === 'link') return `${text ?? url} (${url})`
  if (type === 'button') return `[${textOfBlock(text)}]`
  if (type === 'rich_text_section') return (elements as unknown[]).map(textOfBlock).join('')
  if (typeof text === 'string') return text
  if (text !== undefined) return textOfBlock(text)
  return elements === undefined ? '' : textOfBlock(elements)
}

function buttonOf({ blocks = [] }: SlackMessage, label: string): object | undefined {
  return blocks
    .flatMap((block) => (block as { elements?: object[] }).elements ?? [])
    .find((each) => (each as { text?: { text?: string } }).text?.text === label)
}

/** Sends the form that is open, through the page that people use. */
async function submitView(
  target: string,
  { values, user }: { values: Record<string, string>; user: string },
): Promise<unknown> {
  const socket = new WebSocket(`${target.replace('http', 'ws')}/ui`)
  const errors: unknown[] = []
  socket.on('message', (data) => {
    const message = JSON.parse(String(data))
    if (message.t === 'view_errors') errors.push(message.errors)
  })
  await once(socket, 'open')
  const blocks = Object.entries(values).map(([word, value]) => [
    word,
    { value: { type: 'plain_text_input', value, selected_option: { value } } },
  ])
  socket.send(JSON.stringify({ t: 'view_submit', user, values: Object.fromEntries(blocks) }))
  await wait(300)
  socket.terminate()
  return errors.at(-1)
}

/** What the page that people use holds: open forms, home pages. */
async function readUi(target: string) {
  const socket = new WebSocket(`${target.replace('http', 'ws')}/ui`)
  const [data] = await once(socket, 'message')
  socket.terminate()
  return JSON.parse(String(data)).state
}
