import { readSettings, type Settings } from '#config/settings.ts'
import { UserError } from '#errors/userError.ts'
import { countOf } from '#utils/countOf.ts'
import { createHider } from './createHider.ts'

export type ConfigOptions = {
  file: string
  env?: NodeJS.ProcessEnv
  write?: (text: string) => unknown
}

/** Says all that is wrong with the settings, or what they hold. Answers the exit code. */
export function checkConfig({
  file,
  env = process.env,
  write = (text) => process.stdout.write(text),
}: ConfigOptions): number {
  try {
    const { chains, cases, house, labels } = readSettings(file, env)
    const counts = [
      countOf(chains.length, 'chain'),
      countOf(cases.length, 'case'),
      countOf(house.organizations.length, 'organization'),
      countOf(house.members.length, 'member'),
      countOf(house.routes.length, 'route'),
      countOf(labels.length, 'own label list'),
      countOf(house.feeds.length, 'feed'),
    ]
    write(`The settings file "${file}" is fine: ${counts.join(', ')}.\n`)
    return 0
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    // One fault a line: there may be many.
    write(`${error.message.replaceAll('; ', ';\n  ')} ${error.hint ?? ''}\n`)
    return 1
  }
}

/**
 * Prints the settings in force as JSON: what was left out is filled in, secrets are left out.
 * @throws UserError where they have faults
 */
export function showConfig({
  file,
  env = process.env,
  write = (text) => process.stdout.write(text),
}: ConfigOptions): number {
  const settings = readSettings(file, env)
  const hide = createHider(settings.secrets)
  write(`${hide(JSON.stringify(printable(settings), toJson, 2))}\n`)
  return 0
}

/** All but the secrets themselves. */
function printable({ secrets: _secrets, ...settings }: Settings) {
  return settings
}

/** Amounts are decimal digits, so that none is rounded. */
function toJson(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
