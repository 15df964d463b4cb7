import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { FileNotReadableError } from '#errors/file.ts'
import { MissingOptionError } from '#errors/input.ts'
import { quote } from '#errors/quote.ts'
import { UserError } from '#errors/userError.ts'
import { type AddressFeed, feedSchema, isFeedSigned } from '#src/evidence/addressFeed.ts'
import { countOf } from '#utils/countOf.ts'
import { formatTime } from '#utils/formatTime.ts'
import { parseAddress, showAddress } from '#utils/parseAddress.ts'
import { parsePublicKey } from '#utils/parsePublicKey.ts'
import { plainText } from '#utils/plainText.ts'
import { readCsv } from '#utils/readCsv.ts'

const usage = 'posse match LOCAL_ADDRESSES.csv FEED [--key KEY]'

/** Exit code where addresses of one's own are in the feed: a script must not take it for nothing. */
const found = 3

/**
 * `posse match LOCAL.csv FEED`: finds one's own addresses in the signed addresses of a case. Nothing leaves the machine.
 * Answers the exit code: 0 none is there, 3 some are.
 * @throws UserError
 */
export async function runMatch(
  args: string[],
  { write = (text) => process.stdout.write(text) }: { write?: (text: string) => unknown } = {},
): Promise<number> {
  const { local, file, key } = readOptions(args)
  const feed = readFeed(file)
  if (!isFeedSigned(feed)) {
    throw new UserError(`The feed ${quote(file)} is not as it was signed.`, {
      hint: 'Take it again from whoever made it; nothing was matched.',
    })
  }
  if (key !== null && feed.signature.key !== key) {
    throw new UserError(`The feed ${quote(file)} is signed by the key ${feed.signature.key}.`, {
      hint: 'That is not the key that you expect; nothing was matched.',
    })
  }
  const own = new Set<string>()
  await readCsv(local, { required: ['address'] }, ([address = '']) => {
    own.add(parseAddress(address.trim()))
  })
  const matches = feed.addresses.filter(({ address }) => own.has(address))
  write(`${describe(feed, { own: own.size, matches })}\n`)
  return matches.length > 0 ? found : 0
}

function readOptions(args: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { key: { type: 'string' } },
      allowPositionals: true,
    })
    const [local, file, extra] = positionals
    if (local !== undefined && file !== undefined && extra === undefined) {
      return { local, file, key: values.key === undefined ? null : parsePublicKey(values.key) }
    }
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
  }
  throw new MissingOptionError({ option: 'two files', usage })
}

function readFeed(file: string): AddressFeed {
  try {
    return feedSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    const isThere = !(cause instanceof Error && 'code' in cause)
    const reason = isThere ? 'it is no feed of /posse case addresses' : 'it is not there'
    throw new FileNotReadableError({ file, reason, cause })
  }
}

function describe(
  { case: theft, block, tlp, signature, madeAt }: AddressFeed,
  { own, matches }: { own: number; matches: AddressFeed['addresses'] },
): string {
  return [
    `${plainText(theft.name)} up to block ${block}, ${formatTime(madeAt)}, TLP:${tlp}, signed by ${signature.key}.`,
    ...(theft.isDrill ? ['It is a drill, no theft.'] : []),
    ...matches.map(({ address, role, label, asset, stolen, hops, reachedAt }) => {
      const name = label ? `, called ${label}` : ''
      const when = formatTime(reachedAt)
      return plainText(
        `${showAddress(address)}: ${role}${name}; hop ${hops}, ${when}; now ${stolen.join(' / ')} base units of ${asset} (FIFO / taint first / clean first)`,
      )
    }),
    `${countOf(matches.length, 'match', 'matches')} among ${countOf(own, 'address', 'addresses')} of yours. Nothing of yours has left this machine.`,
  ].join('\n')
}
