import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { HTTPReceiver, type Logger, type Receiver, SocketModeReceiver } from '@slack/bolt'
import QuickLRU from 'quick-lru'
import { type Clients, clientOptions } from './createClients.ts'
import { maxSignatureAgeMs } from './limits.ts'
import type { SlackOptions } from './options.ts'
import { scopes } from './renderManifest.ts'

/** Signatures that are remembered: more than a workspace sends in five minutes. */
const maxSignatures = 100_000

export type Transport = { receiver: Receiver; start(): Promise<void>; stop(): Promise<void> }

/** How Slack reaches Posse: by a socket that Posse opens, or by signed requests. */
export function createReceiver(
  { transport, tokens, apiUrl }: Pick<SlackOptions, 'transport' | 'tokens' | 'apiUrl'>,
  { logger, installations }: { logger: Logger } & Pick<Clients, 'installations'>,
): Transport {
  const installerOptions = { clientOptions: clientOptions({ apiUrl, logger }) }
  if (transport.kind === 'socket') {
    const { appToken } = transport
    const receiver = new SocketModeReceiver({ appToken, logger, installerOptions })
    return {
      receiver,
      async start() {
        await receiver.start()
      },
      stop: () => receiver.stop(),
    }
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
  return { receiver, ...createHttp(receiver, { port: transport.port }) }
}

/** Bolt checks signatures and their age; that none counts twice is checked before. */
function createHttp(
  receiver: HTTPReceiver,
  { port }: { port: number },
): Pick<Transport, 'start' | 'stop'> {
  const seen = new QuickLRU<string, true>({ maxSize: maxSignatures, maxAge: maxSignatureAgeMs })
  let server: Server | null = null

  function listen(request: IncomingMessage, response: ServerResponse): void {
    const signature = request.headers['x-slack-signature']
    if (typeof signature === 'string') {
      if (seen.has(signature)) {
        response.writeHead(401).end()
        return
      }
      seen.set(signature, true)
    }
    try {
      receiver.requestListener(request, response)
    } catch {
      // Bolt throws where nobody is meant to ask anything.
      response.writeHead(404).end()
    }
  }

  return {
    async start() {
      const opened = createServer(listen)
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
