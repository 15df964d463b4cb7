import { quote } from './quote.ts'
import { UserError } from './userError.ts'

type FileFault = { file: string; reason: string; hint?: string | undefined; cause?: unknown }

export class FileNotReadableError extends UserError {
  override name = 'FileNotReadableError'
  constructor({ file, reason, hint, cause }: FileFault) {
    super(`The file ${quote(file)} cannot be read: ${reason}.`, {
      hint: hint ?? 'Check its name and who may read it.',
      cause,
    })
  }
}

export class BrokenGzipError extends UserError {
  override name = 'BrokenGzipError'
  constructor({ file, reason, cause }: { file: string; reason: string; cause?: unknown }) {
    super(`The file ${quote(file)} is not whole gzip: ${reason}.`, {
      hint: 'Download or compress it again.',
      cause,
    })
  }
}

/** A row that must not be guessed at: nothing of the file is used. */
export class MalformedRowError extends UserError {
  override name = 'MalformedRowError'
  constructor({ file, line, reason }: { file: string; line: number; reason: string }) {
    super(`${quote(file)}, line ${line}: ${reason}.`, {
      hint: 'Correct that line or export the file again; nothing was used.',
    })
  }
}

export class MissingColumnsError extends UserError {
  override name = 'MissingColumnsError'
  constructor({ file, columns }: { file: string; columns: string[] }) {
    super(`The header of ${quote(file)} lacks ${columns.map(quote).join(', ')}.`, {
      hint: 'The first line must name the columns.',
    })
  }
}

/** Which of the two is meant cannot be known. */
export class DuplicateColumnsError extends UserError {
  override name = 'DuplicateColumnsError'
  constructor({ file, columns }: { file: string; columns: string[] }) {
    super(`The header of ${quote(file)} names ${columns.map(quote).join(', ')} more than once.`, {
      hint: 'Leave one column of each name.',
    })
  }
}
