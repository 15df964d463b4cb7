import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { quote } from '#errors/quote.ts'
import { UserError } from '#errors/userError.ts'
import { makeKeyPair, signText } from '#utils/signature.ts'

const hint = 'Usage: posse org keygen FILE, or posse org sign --key FILE TEXT'

/** Longest file that is read as a key, in characters. */
const maxKeyCharacters = 10_000

/**
 * `posse org keygen FILE` and `posse org sign --key FILE TEXT`: the key of an organization, made and used on its own
 * machine. Prints the public key, or the signature. Answers the exit code.
 * @throws UserError
 */
export function runOrg(args: string[]): number {
  const [what = '', ...rest] = args
  if (what === 'keygen' && rest.length === 1 && rest[0]) return makeKey(rest[0])
  if (what !== 'sign') throw new UserError(`posse org cannot ${quote(what)} that way.`, { hint })
  const { key, text } = readSign(rest)
  process.stdout.write(`${signText(readKey(key), text)}\n`)
  return 0
}

function makeKey(file: string): number {
  const { privateKey, publicKey } = makeKeyPair()
  try {
    writeFileSync(file, privateKey, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    const why = isThere ? 'is there already' : 'cannot be written'
    throw new UserError(`The file ${quote(file)} ${why}.`, {
      hint: 'Name another one: a key is never written over.',
      cause,
    })
  }
  process.stdout.write(`Public key: ${publicKey}\n`)
  return 0
}

function readSign(args: string[]): { key: string; text: string } {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { key: { type: 'string' } },
      allowPositionals: true,
    })
    const [text, ...more] = positionals
    if (values.key !== undefined && text !== undefined && more.length === 0) {
      return { key: values.key, text }
    }
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
  }
  throw new UserError('posse org sign needs a key and one text.', { hint })
}

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, maxKeyCharacters)
  } catch (cause) {
    throw new UserError(`The file ${quote(file)} cannot be read.`, {
      hint: 'Make a key with posse org keygen FILE.',
      cause,
    })
  }
}
