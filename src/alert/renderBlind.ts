import type { Message } from '#types/message.ts'
import { formatDuration } from '#utils/formatTime.ts'

/** Why the bot does not see what a chain does. */
export type Blindness =
  /** No block came for so many seconds. */
  | { type: 'silent'; seconds: number }
  /** The newest block that it gets is so many seconds old. */
  | { type: 'late'; seconds: number }
  /** A provider does not answer; `provider` is what people call it, never its secret address. */
  | { type: 'down'; provider: string; seconds: number }

/** The bot sees nothing of a chain, or only its past: nobody must take silence for calm. */
export function renderBlind(chain: string, why: Blindness): Message {
  const { title, meaning } = describe(chain, why)
  return {
    title,
    severity: 'red',
    sections: [
      { type: 'text', text: [`${meaning} `, { code: 'posse doctor' }, ' says what is wrong.'] },
    ],
  }
}

/** The bot sees again what it had lost sight of. */
export function renderSeeing(chain: string, { blindSeconds }: { blindSeconds: number }): Message {
  const text = 'What moved meanwhile is told now, with the time at which it happened.'
  return {
    title: `${chain} is watched again, after ${formatDuration(blindSeconds)}`,
    severity: 'info',
    sections: [{ type: 'text', text }],
  }
}

function describe(chain: string, why: Blindness): { title: string; meaning: string } {
  const span = formatDuration(why.seconds)
  switch (why.type) {
    case 'silent':
      return {
        title: `No block of ${chain} for ${span}: nobody is watching`,
        meaning: 'What moves meanwhile is told once it goes on.',
      }
    case 'late':
      return {
        title: `The newest block of ${chain} is ${span} old: alerts come late`,
        meaning: 'What moved since then is not known yet.',
      }
    case 'down':
      return {
        title: `${why.provider} tells nothing of ${chain} for ${span}`,
        meaning: 'Unless another provider answers, nobody is watching.',
      }
  }
}
