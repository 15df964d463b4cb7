import { existsSync } from 'node:fs'
import { type Env, readEnv } from '#config/env.ts'
import { UserError } from '#errors/userError.ts'

/**
 * Settings from the environment, and from a file `.env` in the working folder if there is one.
 * @throws UserError
 */
export function readEnvironment(): Env {
  readEnvFile('.env')
  return readEnv(process.env)
}

function readEnvFile(file: string): void {
  if (!existsSync(file)) return
  try {
    process.loadEnvFile(file)
  } catch (cause) {
    throw new UserError(`The file "${file}" cannot be read as settings.`, {
      hint: 'It must be a text file of NAME=value lines that you may read.',
      cause,
    })
  }
}
