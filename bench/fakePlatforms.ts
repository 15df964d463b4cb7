import { createServer, type Server } from 'node:http'
import { WebSocketServer } from 'ws'

/** Ids of the made-up server, its channel and its bot. */
const guild = '300000000000000001'
const channel = '400000000000000001'
const bot = '100000000000000001'

export type FakePlatforms = {
  url: string
  /** Hands a command to the bot and resolves once it has been answered, be it by "wait a moment". */
  interact(call: {
    name: string
    verb: string
    given: Record<string, string>
    user: string
  }): Promise<void>
  /** Resolves once a bot is connected and knows its server. */
  connected(): Promise<void>
  close(): void
}

/**
 * The least of a Discord and a Slack that a bot can work with: a gateway that hands out commands, and an API that takes
 * whatever it is told. Both cost next to nothing, so that what is measured is the bot.
 */
export async function startFakePlatforms(): Promise<FakePlatforms> {
  const waiting = new Map<string, () => void>()
  const ready = Promise.withResolvers<void>()
  let next = 1

  const server = createServer((request, response) => {
    const path = request.url ?? ''
    const [, id = ''] = /\/interactions\/(\d+)\//.exec(path) ?? []
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(answerTo(path)))
      waiting.get(id)?.()
      waiting.delete(id)
      if (/\/commands$/.test(path)) ready.resolve()
    })
  })

  function answerTo(path: string): unknown {
    if (path.endsWith('/gateway/bot')) {
      const limit = { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 }
      return { url: url.replace('http', 'ws'), shards: 1, session_start_limit: limit }
    }
    if (/\/commands$/.test(path)) return []
    // As Slack answers `auth.test`.
    return { ok: true, id: '1', bot_id: 'B1', user_id: 'U0BOT', team_id: 'T1' }
  }

  const gateway = openGateway(server, () => url)

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const url = `http://127.0.0.1:${port}`

  return {
    url,
    connected: () => ready.promise,
    interact({ name, verb, given, user }) {
      const id = String(600000000000000000n + BigInt(next))
      next += 1
      const answered = new Promise<void>((resolve) => waiting.set(id, resolve))
      const values = Object.entries(given).map(([word, value]) => ({ name: word, type: 3, value }))
      gateway.dispatch('INTERACTION_CREATE', {
        ...{ id, application_id: bot, type: 2, token: 't', version: 1, guild_id: guild },
        ...{ channel_id: channel, locale: 'en-US', entitlements: [], context: 0 },
        authorizing_integration_owners: {},
        channel: { id: channel, type: 0 },
        member: {
          user: { id: user, username: 'somebody', discriminator: '0', avatar: null },
          ...{ roles: [], joined_at: new Date().toISOString(), deaf: false, mute: false, flags: 0 },
          permissions: '0',
        },
        app_permissions: '0',
        data: { id: '1', name, type: 1, options: [{ name: verb, type: 1, options: values }] },
      })
      return answered
    },
    close() {
      gateway.close()
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Greets whoever connects, tells them of one server, and hands out what is dispatched. */
function openGateway(server: Server, url: () => string) {
  const sockets = new WebSocketServer({ server })
  let dispatch: (t: string, d: object) => void = () => undefined
  sockets.on('connection', (socket) => {
    let s = 0
    const send = (packet: object) => socket.send(JSON.stringify(packet))
    dispatch = (t, d) => {
      s += 1
      send({ op: 0, s, t, d })
    }
    send({ op: 10, d: { heartbeat_interval: 45_000 } })
    socket.on('message', (data) => {
      const { op } = JSON.parse(String(data))
      if (op === 1) send({ op: 11 })
      if (op !== 2) return
      const user = { id: bot, username: 'posse', discriminator: '0', bot: true, avatar: null }
      const application = { id: bot, flags: 0 }
      dispatch('READY', {
        ...{ v: 10, user, application, session_id: 's', resume_gateway_url: url() },
        guilds: [{ id: guild, unavailable: true }],
      })
      dispatch('GUILD_CREATE', {
        ...{ id: guild, name: 'Bench', owner_id: bot, roles: [], emojis: [], features: [] },
        ...{ channels: [{ id: channel, type: 0, name: 'alerts' }], members: [], threads: [] },
      })
    })
  })
  return {
    dispatch: (t: string, d: object) => dispatch(t, d),
    close() {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
    },
  }
}
