import { InvalidTextError } from '#errors/input.ts'
import { isPublicKey } from './signature.ts'

/**
 * A public key as `posse org keygen` prints it.
 * @throws InvalidTextError
 */
export function parsePublicKey(text: string): string {
  const key = text.trim()
  if (isPublicKey(key)) return key
  throw new InvalidTextError({
    text,
    what: 'a public key',
    reason: 'it is not the 43 characters that posse org keygen prints',
  })
}
