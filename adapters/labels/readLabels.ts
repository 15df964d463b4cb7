import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MalformedRowError } from '#errors/file.ts'
import { quote } from '#errors/quote.ts'
import { UserError } from '#errors/userError.ts'
import type { Address } from '#types/chain.ts'
import type { Label } from '#types/label.ts'
import { parseAddress } from '#utils/parseAddress.ts'
import { hasUnsafeCharacters } from '#utils/plainText.ts'
import { readCsv } from '#utils/readCsv.ts'

/** Characters of a name: more is a mistake or a trick. */
const maxNameLength = 200

/** A Bitcoin or Tron address: case matters in it. */
const otherAddressPattern = /^(?:bc1[0-9a-z]{11,71}|[13T][1-9A-HJ-NP-Za-km-z]{25,34})$/

/**
 * Reads a list of labels with the columns `address,label,kind`; kinds are made lower case.
 * @throws FileNotReadableError, BrokenGzipError, MissingColumnsError, DuplicateColumnsError, MalformedRowError
 */
export async function readLabels(
  file: string | URL,
  about: Pick<Label, 'source' | 'date' | 'confidence' | 'isStale' | 'pastCase'>,
): Promise<Label[]> {
  const fileName = basename(typeof file === 'string' ? file : fileURLToPath(file))
  const { source, date, confidence, isStale, pastCase } = about
  const labels: Label[] = []
  await readCsv(file, { required: ['address', 'label', 'kind'] }, (values, line) => {
    const [address = '', name = '', kind = ''] = values
    const refuse = (reason: string) => new MalformedRowError({ file: fileName, line, reason })
    checkText('label', name, refuse)
    checkText('kind', kind, refuse)
    labels.push({
      address: parseLabelled(address, refuse),
      name: name.trim(),
      kind: kind.trim().toLowerCase(),
      source,
      date,
      confidence,
      isStale,
      ...(pastCase && { pastCase }),
    })
  })
  return labels
}

function parseLabelled(text: string, refuse: (reason: string) => Error): Address {
  if (otherAddressPattern.test(text)) return text
  try {
    return parseAddress(text)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw refuse(error.message.replace(/\.$/, ''))
  }
}

/** Names are chosen by strangers too: what could fool a reader is refused, not cleaned. */
function checkText(column: string, text: string, refuse: (reason: string) => Error): void {
  if (hasUnsafeCharacters(text)) {
    throw refuse(`${column} ${quote(text)} holds a control or invisible character`)
  }
  if (text.length > maxNameLength) {
    throw refuse(
      `${column} ${quote(text)} has ${text.length} characters and at most ${maxNameLength} fit`,
    )
  }
}
