import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, hashOf } from '#utils/canonicalJson.ts'
import { isPublicKey, isSignedBy, makeKeyPair, publicKeyOf, signText } from '#utils/signature.ts'

test('who signed a text can be told, and any change of text, key or signature too', () => {
  const ours = makeKeyPair()
  const theirs = makeKeyPair()
  const signature = signText(ours.privateKey, 'a nonce')
  expect(publicKeyOf(ours.privateKey)).toBe(ours.publicKey)
  expect(isSignedBy(ours.publicKey, 'a nonce', signature)).toBe(true)
  expect(isSignedBy(ours.publicKey, 'a nonce ', signature)).toBe(false)
  expect(isSignedBy(theirs.publicKey, 'a nonce', signature)).toBe(false)
  const other = signature.startsWith('A') ? 'B' : 'A'
  expect(isSignedBy(ours.publicKey, 'a nonce', other + signature.slice(1))).toBe(false)
})

test('anything at all in place of a key or a signature has signed nothing', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (key, signature) => {
      expect(isSignedBy(key, 'text', signature)).toBe(false)
    }),
  )
  expect(isPublicKey('A'.repeat(42))).toBe(false)
})

test('a key of another kind is refused, and no word of it is repeated', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  for (const wrong of [pem, 'secret words']) {
    expect(() => signText(wrong, 'x')).toThrow(/^The private key is no Ed25519 key in PEM format.$/)
  }
})

test('the same value has the same bytes, whatever the order of its keys', () => {
  expect(canonicalJson({ b: [1, null], a: 'ä' })).toBe('{"a":"ä","b":[1,null]}')
  expect(hashOf({ b: 1, a: 2 })).toBe(hashOf({ a: 2, b: 1 }))
  expect(hashOf({ a: '1' })).not.toBe(hashOf({ a: 1 }))
})
