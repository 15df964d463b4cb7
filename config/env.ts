import { z } from 'zod'
import { quote } from '#errors/quote.ts'
import { UserError } from '#errors/userError.ts'

const levels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const

const schema = z.object({
  /** 32 bytes in hex, for AES-256. */
  POSSE_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, { error: 'use 64 hex digits, made by openssl rand -hex 32' })
    .optional(),
  LOG_LEVEL: z.enum(levels, { error: `use one of ${levels.join(', ')}` }).default('warn'),
})

export type Env = z.infer<typeof schema>

/**
 * Settings from the environment; every fault is told at once, each with the variable and what was found.
 * @throws UserError
 */
export function readEnv(env: NodeJS.ProcessEnv): Env {
  const parsed = schema.safeParse(env)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(({ path, message }) => {
    const name = String(path[0])
    // What may be most of a key is not repeated.
    const found = name === 'POSSE_KEY' ? 'no key' : quote(env[name])
    return `${name} is ${found}: ${message}`
  })
  throw new UserError(`${faults.join('; ')}.`, { hint: 'Settings are explained in .env.example.' })
}
