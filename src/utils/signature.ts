import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { UserError } from '#errors/userError.ts'

/** DER before the 32 bytes of an Ed25519 public key (RFC 8410). */
const publicKeyHeader = Buffer.from('302a300506032b6570032100', 'hex')

/** A new Ed25519 key: the private one as PKCS #8 PEM, the public one as base64url of its 32 bytes. */
export function makeKeyPair(): { privateKey: string; publicKey: string } {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { privateKey: pem, publicKey: publicKeyOf(pem) }
}

/**
 * The public key of a private one, as base64url of its 32 bytes.
 * @throws UserError where the text is no Ed25519 private key; nothing of it is repeated
 */
export function publicKeyOf(privateKey: string): string {
  const der = createPublicKey(readPrivateKey(privateKey)).export({ type: 'spki', format: 'der' })
  return der.subarray(publicKeyHeader.length).toString('base64url')
}

/**
 * Signs a text. Answers base64url of the 64 bytes of the signature.
 * @throws UserError where the text is no Ed25519 private key
 */
export function signText(privateKey: string, text: string): string {
  return sign(null, Buffer.from(text), readPrivateKey(privateKey)).toString('base64url')
}

/** Whether the owner of a public key has signed exactly this text. Never throws: what is no key has signed nothing. */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  if (!isPublicKey(publicKey) || !/^[\w-]{86}$/.test(signature)) return false
  const der = Buffer.concat([publicKeyHeader, Buffer.from(publicKey, 'base64url')])
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'))
  } catch {
    return false
  }
}

/** Whether a text has the form of a public key: 43 characters of base64url. */
export function isPublicKey(text: string): boolean {
  return /^[\w-]{43}$/.test(text) && Buffer.from(text, 'base64url').length === 32
}

function readPrivateKey(pem: string) {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Said below, without a word of the key.
  }
  throw new UserError('The private key is no Ed25519 key in PEM format.', {
    hint: 'Make one with posse org keygen FILE.',
  })
}
