import { readSettings, type Settings } from '#config/settings.ts'
import { UserError } from '#errors/userError.ts'
import type { Context } from '#src/context.ts'
import type { Chat } from '#types/chat.ts'
import type { Message } from '#types/message.ts'
import { compareSettings } from './compareSettings.ts'

/**
 * Reads the settings again at every SIGHUP: rules, people and routes are in force at once, and what needs a restart is
 * said. Where they have faults nothing changes.
 */
export function watchSettings(
  context: Context,
  {
    file,
    env,
    current,
    chat,
    signal,
  }: {
    file: string
    env: NodeJS.ProcessEnv
    current: Settings
    chat: Chat
    signal: AbortSignal
  },
): void {
  let inForce = current

  function reload(): Message {
    const next = readSettings(file, env)
    const { rules, house, changed, needsRestart } = compareSettings(inForce, next)
    context.rules = rules
    context.house = house
    inForce = { ...inForce, rules, house }
    return describe(changed, needsRestart)
  }

  function onHangup(): void {
    let message: Message
    try {
      message = reload()
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      context.log.error({ err: error }, 'The settings were not read again')
      message = {
        title: 'The settings have faults: nothing was changed',
        severity: 'amber',
        sections: [{ type: 'text', text: error.message }],
      }
    }
    chat.post(message, { channel: chat.name }).catch((error: unknown) => {
      context.log.error({ err: error }, 'What became of the settings was not told')
    })
  }

  process.on('SIGHUP', onHangup)
  signal.addEventListener('abort', () => process.off('SIGHUP', onHangup))
}

function describe(changed: readonly string[], needsRestart: readonly string[]): Message {
  const lines = [
    changed.length > 0
      ? `In force now: ${changed.join(', ')}.`
      : 'Nothing that is in force has changed.',
    ...(needsRestart.length > 0
      ? [`Changed, and in force after a restart: ${needsRestart.join(', ')}.`]
      : []),
  ]
  return {
    title: 'The settings were read again',
    severity: 'info',
    sections: lines.map((text) => ({ type: 'text' as const, text })),
  }
}
