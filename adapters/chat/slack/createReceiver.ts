import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { HTTPReceiver, type Logger, type Receiver, SocketModeReceiver } from '@slack/bolt'
import { type Clients, clientOptions } from './createClients.ts'
import { guardRequests } from './guardRequests.ts'
import { keepConnected } from './keepConnected.ts'
import type { SlackOptions } from './options.ts'
import { scopes } from './renderManifest.ts'

/** Where Slack sends everything. */
const eventsPath = '/slack/events'

export type Transport = { receiver: Receiver; start(): Promise<void>; stop(): Promise<void> }

/** How Slack reaches Posse: by a socket that Posse opens, or by signed requests. */
export function createReceiver(
  { transport, tokens, apiUrl, log }: Omit<SlackOptions, 'home'>,
  { logger, installations }: { logger: Logger } & Pick<Clients, 'installations'>,
): Transport {
  const installerOptions = { clientOptions: clientOptions({ apiUrl, logger }) }
  if (transport.kind === 'socket') {
    const { appToken } = transport
    const receiver = new SocketModeReceiver({
      appToken,
      logger,
      installerOptions,
      autoReconnectEnabled: false,
    })
    return { receiver, ...keepConnected(receiver.client, log) }
  }
  const receiver = new HTTPReceiver({
    signingSecret: transport.signingSecret,
    logger,
    ...(tokens.kind === 'many' &&
      installations && {
        clientId: tokens.clientId,
        clientSecret: tokens.clientSecret,
        stateSecret: tokens.stateSecret,
        installationStore: installations,
        scopes: scopes.map(({ scope }) => scope),
        installerOptions,
      }),
  })
  return { receiver, ...createHttp(receiver, transport) }
}

/** Requests are looked at before Bolt gets them: signed by Slack, lately, and each once. */
function createHttp(
  receiver: HTTPReceiver,
  { port, signingSecret }: { port: number; signingSecret: string },
): Pick<Transport, 'start' | 'stop'> {
  const guarded = guardRequests(receiver.requestListener, { signingSecret, path: eventsPath })
  let server: Server | null = null

  async function listen(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await guarded(request, response)
    } catch {
      // Bolt throws where nobody is meant to ask anything.
      if (!response.headersSent) response.writeHead(404)
      response.end()
    }
  }

  return {
    async start() {
      const opened = createServer((request, response) => void listen(request, response))
      server = opened
      await new Promise<void>((resolve, reject) => {
        opened.once('error', reject)
        opened.listen(port, resolve)
      })
    },
    async stop() {
      const opened = server
      server = null
      if (!opened) return
      opened.closeIdleConnections()
      await new Promise<void>((resolve) => {
        opened.close(() => resolve())
        setTimeout(() => opened.closeAllConnections(), 1_000).unref()
      })
    },
  }
}
