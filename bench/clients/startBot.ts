import { fork } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BotEvent, BotJob } from './bot.ts'

export type Bot = {
  /** Milliseconds from the start of its process until it has followed a block. */
  followed: Promise<number>
  /** What it has posted so far, and when in milliseconds since 1970. */
  posts: { at: number; text: string; channel: string }[]
  /** Bytes that its process takes, garbage apart. */
  readMemory(): Promise<number>
  close(): Promise<void>
}

/** Starts the bot in a process of its own. */
export function startBot(job: BotJob): Bot {
  const startedAt = performance.timeOrigin + performance.now()
  const child = fork(fileURLToPath(new URL('./bot.ts', import.meta.url)), {
    execArgv: ['--expose-gc'],
    serialization: 'advanced',
    // As src/start.js does it.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
  })
  const followed = Promise.withResolvers<number>()
  let memory = Promise.withResolvers<number>()
  const posts: Bot['posts'] = []
  child.on('message', (message) => {
    const event = message as BotEvent
    if (event.type === 'followed') followed.resolve(event.at - startedAt)
    else if (event.type === 'memory') memory.resolve(event.rss)
    else posts.push(event)
  })
  child.on('exit', (code) => {
    const error = new Error(`The bot has ended with code "${code}".`)
    followed.reject(error)
    memory.reject(error)
  })
  memory.promise.catch(() => undefined)
  child.send(job)
  return {
    followed: followed.promise,
    posts,
    readMemory() {
      memory = Promise.withResolvers()
      child.send('memory')
      return memory.promise
    },
    async close() {
      if (child.exitCode !== null) return
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}
