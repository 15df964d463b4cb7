import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MalformedRowError } from '#errors/file.ts'
import { quote } from '#errors/quote.ts'
import { UserError } from '#errors/userError.ts'
import type { Label } from '#types/label.ts'
import { parseAddress } from '#utils/parseAddress.ts'
import { hasUnsafeCharacters } from '#utils/plainText.ts'
import { readCsv } from '#utils/readCsv.ts'

/** A Bitcoin or Tron address: case matters in it. */
const otherAddressPattern = /^(?:bc1[0-9a-z]{11,71}|[13T][1-9A-HJ-NP-Za-km-z]{25,34})$/

/**
 * Reads a list of labels with the columns `address,label,kind`; kinds are made lower case.
 * @throws FileNotReadableError, BrokenGzipError, MissingColumnsError, MalformedRowError
 */
export async function readLabels(
  file: string | URL,
  { source, date, confidence, isStale }: Pick<Label, 'source' | 'date' | 'confidence' | 'isStale'>,
): Promise<Label[]> {
  const fileName = basename(typeof file === 'string' ? file : fileURLToPath(file))
  const labels: Label[] = []
  await readCsv(file, { required: ['address', 'label', 'kind'] }, (values, line) => {
    const [address = '', name = '', kind = ''] = values
    for (const [column, text] of [
      ['label', name],
      ['kind', kind],
    ] as const) {
      if (!hasUnsafeCharacters(text)) continue
      const reason = `${column} ${quote(text)} holds a control or invisible character`
      throw new MalformedRowError({ file: fileName, line, reason })
    }
    labels.push({
      address: parseLabelled(address, fileName, line),
      name: name.trim(),
      kind: kind.trim().toLowerCase(),
      source,
      date,
      confidence,
      isStale,
    })
  })
  return labels
}

function parseLabelled(text: string, file: string, line: number): string {
  if (otherAddressPattern.test(text)) return text
  try {
    return parseAddress(text)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new MalformedRowError({ file, line, reason: error.message.replace(/\.$/, '') })
  }
}
