import { type Logger, LogLevel } from '@slack/bolt'
import type { Logger as Log } from 'pino'

/** Anything that looks like a token of Slack's, or a secret in a URL of its sockets. */
const secret = /x(?:oxb|oxp|app|oxe|oxa)-[\w-]+|(?<=[?&](?:ticket|app_id|token)=)[^&\s"]+/g

/** Slack's own log lines in ours, without a token in them. */
export function createLogger(log: Log): Logger {
  const write = (level: 'warn' | 'error', parts: unknown[]) => {
    log[level]({ from: 'slack' }, parts.map(show).join(' ').replace(secret, '[secret]'))
  }
  return {
    // Whole requests, with the secrets in them.
    debug: () => undefined,
    info: () => undefined,
    warn: (...parts) => write('warn', parts),
    error: (...parts) => write('error', parts),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  }
}

function show(part: unknown): string {
  if (part instanceof Error) return part.message
  return typeof part === 'string' ? part : (JSON.stringify(part) ?? String(part))
}
