import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { readSettings } from '#config/settings.ts'
import { InvalidOptionError } from '#errors/input.ts'
import { quote } from '#errors/quote.ts'
import { UserError } from '#errors/userError.ts'
import { createStore } from '#src/store/createStore.ts'
import type { AuditCheck, AuditFault } from '#types/audit.ts'
import { countOf } from '#utils/countOf.ts'
import { readEnvironment } from './readEnvironment.ts'

const usage = 'posse audit verify [--database FILE] [--head HASH]'

/** What `/posse audit` shows of a hash is enough to find it again. */
const noted = /^[0-9a-f]{12,64}$/

/**
 * `posse audit verify`: checks the audit log of a database that no Posse has open. Prints how many lines it has and the
 * hash of the last one, or the first line that is not as it was written. Answers the exit code.
 * @throws UserError
 */
export async function runAudit(
  args: string[],
  {
    settings,
    write = (text) => process.stdout.write(text),
  }: {
    /** Names the database where no option does. */
    settings: string
    write?: (text: string) => unknown
  },
): Promise<number> {
  const { database, head } = readOptions(args)
  const file = database ?? databaseOf(settings)
  // Opening would make it.
  if (!existsSync(file)) {
    const hint = 'Name the database of a Posse that has been started, or a copy of it.'
    throw new UserError(`There is no database ${quote(file)}.`, { hint })
  }
  const store = await createStore(await openSqlite(file))
  try {
    const check = await store.verifyAudit(head === null ? {} : { noted: head })
    write(`${describeCheck(check, head)}\n`)
    return check.fault === null && (head === null || check.noted !== null) ? 0 : 1
  } finally {
    await store.close()
  }
}

function readOptions(args: string[]): { database: string | undefined; head: string | null } {
  const { values, what, extra } = parse(args)
  if (what !== 'verify' || extra !== undefined) {
    throw new InvalidOptionError({
      option: 'posse audit',
      text: extra ?? what,
      reason: 'it is not verify',
      hint: `Usage: ${usage}`,
    })
  }
  const head = values.head?.toLowerCase() ?? null
  if (head !== null && !noted.test(head)) {
    throw new InvalidOptionError({
      option: '--head',
      text: values.head ?? '',
      reason: 'it is no hash',
      hint: 'Write at least its first 12 hex digits, as /posse audit and posse audit verify show them.',
    })
  }
  return { database: values.database, head }
}

function parse(args: string[]) {
  try {
    const options = { database: { type: 'string' }, head: { type: 'string' } } as const
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    const [what = '', extra] = positionals
    return { values, what, extra }
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    const hint = `Usage: ${usage}`
    throw new UserError('posse audit does not understand its options.', { hint, cause })
  }
}

function databaseOf(settings: string): string {
  if (!existsSync(settings)) {
    const hint = `Name it with --database, or write the settings file ${quote(settings)}.`
    throw new UserError('Which database to verify is not known.', { hint })
  }
  readEnvironment()
  return readSettings(settings, process.env).database
}

function describeCheck({ lines, head, fault, noted }: AuditCheck, wanted: string | null): string {
  const said = fault
    ? [
        describeFault(fault),
        `Before it all is as it was written: ${countOf(lines, 'line')}, the last with the hash ${head.hash}.`,
        'Keep a copy of the database as it is, and compare it with an older one.',
      ]
    : [`The audit log is whole: ${countOf(lines, 'line')}, the last with the hash ${head.hash}.`]
  if (wanted !== null && noted) {
    said.push(`The noted hash is that of line ${noted.seq}: all up to it is as it was then.`)
  } else if (wanted !== null) {
    const up = fault ? 'no line up to there has it' : 'lines were written anew or cut off since'
    said.push(`The noted hash ${quote(wanted)} is not part of the chain: ${up}.`)
  } else if (!fault) {
    said.push('Note it where Posse cannot write, and give it as --head the next time.')
  }
  return said.join('\n')
}

function describeFault({ seq, what, why }: AuditFault): string {
  const said = {
    changed: `Line ${seq} of the audit log was changed`,
    gap: `Lines of the audit log were taken out from line ${seq} on`,
    reordered: `Line ${seq} of the audit log is another one than was written there`,
    added: `Line ${seq} of the audit log was not written by Posse`,
    'cut off': `The audit log is cut off from line ${seq} on`,
  }[what]
  return `${said}: ${why}.`
}
