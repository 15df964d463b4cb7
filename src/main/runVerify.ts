import { readFileSync, statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createEvidenceReader } from '#adapters/chain/evm/createEvidenceReader.ts'
import { readLabels } from '#adapters/labels/readLabels.ts'
import { NotAPacketError } from '#errors/evidence.ts'
import { FileNotReadableError } from '#errors/file.ts'
import { MissingOptionError } from '#errors/input.ts'
import { UserError } from '#errors/userError.ts'
import { packetFormat, packetSchema } from '#src/evidence/packet.ts'
import { renderChecks } from '#src/evidence/renderChecks.ts'
import { partsOf } from '#src/evidence/sealPacket.ts'
import { assetOf, exitCodeOf, verifyPacket } from '#src/evidence/verifyPacket.ts'
import { createProgressBar } from '#utils/createProgressBar.ts'
import { indexLabels, type LabelIndex } from '#utils/indexLabels.ts'
import { parsePublicKey } from '#utils/parsePublicKey.ts'
import { readShippedLabels } from './createContext.ts'

const usage = 'posse verify PACKET --rpc URL [--key KEY] [--labels LABELS.csv]'

/** Largest packet that is read, in bytes. */
const maxBytes = 256 * 2 ** 20

/**
 * `posse verify PACKET --rpc URL`: works a packet of evidence out again from one's own node. Prints what was checked.
 * Answers the exit code: 0 agrees, 1 differs, or is no packet, 2 cannot all be checked, as without a node.
 * @throws NotAPacketError
 */
export async function runVerify(
  args: string[],
  { write = (text) => process.stdout.write(text) }: { write?: (text: string) => unknown } = {},
): Promise<number> {
  try {
    return await verify(args, write)
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof NotAPacketError) throw error
    // Nothing is wrong with a packet because of what is asked, or of the node.
    process.stderr.write(`${error.message}${error.hint ? ` ${error.hint}` : ''}\n`)
    return 2
  }
}

async function verify(args: string[], write: (text: string) => unknown): Promise<number> {
  const { file, rpc, key, labels } = readOptions(args)
  const packet = readPacket(file)
  const parts = partsOf(packet)
  if (!parts) {
    throw new NotAPacketError({ file, reason: 'it has not one question and one result' })
  }
  const reader = createEvidenceReader(rpc, assetOf(parts.question))
  // A node of another chain, or none at all, is told before anything else.
  const head = await reader.readHead()
  if (head < parts.question.until) {
    throw new UserError(`The node is at block ${head}, the packet at ${parts.question.until}.`, {
      hint: 'Wait until it has caught up, or ask another one.',
    })
  }
  const bar = createProgressBar('Checking', process.stderr)
  const checks = await verifyPacket(packet, parts, {
    ...{ reader, labels: await readLists(labels), key },
    onProgress: (done, all) => bar.update(done, all),
  })
  bar.end()
  write(`${renderChecks(parts.question, checks)}\n`)
  return exitCodeOf(checks)
}

function readOptions(args: string[]) {
  const { values, positionals } = parse(args)
  const [file, extra] = positionals
  if (file === undefined || extra !== undefined)
    throw new MissingOptionError({ option: 'PACKET', usage })
  if (values.rpc === undefined) throw new MissingOptionError({ option: '--rpc', usage })
  const key = values.key === undefined ? null : parsePublicKey(values.key)
  return { file, rpc: values.rpc, key, labels: values.labels ?? null }
}

function parse(args: string[]) {
  const text = { type: 'string' } as const
  try {
    const options = { rpc: text, key: text, labels: text }
    return parseArgs({ args, options, allowPositionals: true })
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    const hint = `Usage: ${usage}`
    throw new UserError('posse verify does not understand its options.', { hint, cause })
  }
}

function readPacket(file: string) {
  const text = readFile(file)
  const json = parseJson(file, text)
  if (typeof json !== 'object' || json === null || !('format' in json)) {
    throw new NotAPacketError({ file, reason: 'it names no format' })
  }
  if (json.format !== packetFormat) {
    const reason = `its format is not "${packetFormat}"`
    throw new NotAPacketError({ file, reason })
  }
  const parsed = packetSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const reason = `${issue?.path.join('.') ?? 'it'} is not as it must be`
  throw new NotAPacketError({ file, reason })
}

function readFile(file: string): string {
  try {
    if (statSync(file).size > maxBytes) {
      throw new NotAPacketError({ file, reason: 'it is larger than any packet' })
    }
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw new FileNotReadableError({ file, reason: 'it is not there, or not yours to read', cause })
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new NotAPacketError({ file, reason: 'it is not JSON', cause })
  }
}

/** The lists that ship, and one's own. */
async function readLists(file: string | null): Promise<LabelIndex> {
  const shipped = await readShippedLabels(new Date())
  if (file === null) return shipped
  const given = { source: file, date: '', confidence: 1, isStale: false }
  const own = indexLabels(await readLabels(file, given))
  return { get: (address) => own.get(address) ?? shipped.get(address) }
}
