import { expect, test } from 'vitest'
import { handleOf } from '#utils/handleOf.ts'

test('handleOf is the beginning of the SHA-256', () => {
  // The test vector of FIPS 180-2.
  expect(handleOf('abc')).toBe('ba7816bf')
})
