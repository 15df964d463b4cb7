import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { printPdf } from '#adapters/document/printPdf.ts'
import type { EvidenceSettings } from '#config/settings.ts'
import { FileNotReadableError } from '#errors/file.ts'
import type { EvidenceOffice } from '#types/evidence.ts'
import { publicKeyOf, signText } from '#utils/signature.ts'

/** Reads the key of the house. @throws FileNotReadableError, UserError where it is no key */
export function openEvidence({ keyFile, folder }: EvidenceSettings): EvidenceOffice {
  const privateKey = readKey(keyFile)
  const key = publicKeyOf(privateKey)
  return {
    key,
    sign: (text) => signText(privateKey, text),
    async keep(files) {
      mkdirSync(folder, { recursive: true })
      for (const { name, data } of files) writeFileSync(join(folder, name), data)
      return folder
    },
    printPdf,
  }
}

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const hint = 'Make one with posse org keygen FILE and name that under evidence.'
    throw new FileNotReadableError({ file, reason: 'it is no file that can be read', hint, cause })
  }
}
