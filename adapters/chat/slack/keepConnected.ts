import { setTimeout as wait } from 'node:timers/promises'
import type { SocketModeReceiver } from '@slack/bolt'
import type { Logger } from 'pino'
import { timeoutMs } from './createClients.ts'
import { codeOf } from './describeFailure.ts'

type Client = SocketModeReceiver['client']

/** Between two attempts to connect. */
const minReconnectMs = 500
const maxReconnectMs = 60_000

/**
 * Holds a socket to Slack open until it is stopped: Slack itself ends each of them after some hours.
 *
 * The client's own way of connecting again is switched off: it gives up after one request that was lost, and rejects
 * where nobody can catch it, which ends the process.
 */
export function keepConnected(
  client: Client,
  log: Logger,
): { start(): Promise<void>; stop(): Promise<void> } {
  const stopping = new AbortController()
  const { signal } = stopping
  let running: Promise<void> | null = null

  async function run(onConnected: () => void, onRefused: (error: Error) => void): Promise<void> {
    let delayMs = minReconnectMs
    while (!signal.aborted) {
      const ending = Promise.withResolvers<void>()
      client.once('disconnected', ending.resolve)
      try {
        await connect(client)
        log.info('Connected to Slack')
        delayMs = minReconnectMs
        onConnected()
        // A stop that came before there was a socket has closed none.
        if (signal.aborted) await disconnect(client)
        else await ending.promise
      } catch (error) {
        const code = codeOf(error)
        log.warn({ code, delayMs }, 'Slack could not be connected to')
        if (code) onRefused(new Error(`Slack refuses the app token: ${code}.`))
        await wait(delayMs, undefined, { signal }).catch(() => undefined)
        delayMs = Math.min(maxReconnectMs, delayMs * 2)
      } finally {
        client.off('disconnected', ending.resolve)
      }
    }
  }

  return {
    /** Resolves at the first connection, rejects where Slack refuses it. It is tried again in either case. */
    start() {
      return new Promise((resolve, reject) => {
        running ??= run(resolve, reject)
      })
    },
    async stop() {
      stopping.abort()
      await disconnect(client)
      await running
    },
  }
}

/** Waits no longer than it takes to say goodbye. */
async function disconnect(client: Client): Promise<void> {
  await Promise.race([client.disconnect(), wait(minReconnectMs, undefined, { ref: false })])
}

async function connect(client: Client): Promise<void> {
  const timer = new AbortController()
  const late = wait(timeoutMs * 2, undefined, { signal: timer.signal }).then(() => {
    throw new Error('Slack did not greet in time.')
  })
  try {
    await Promise.race([client.start(), late])
  } catch (error) {
    client.disconnect().catch(() => undefined)
    throw error
  } finally {
    timer.abort()
    late.catch(() => undefined)
  }
}
