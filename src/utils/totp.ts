import { Secret, TOTP } from 'otpauth'

/** As the apps of phones have it: six digits, a new code every half minute. @see RFC 6238 */
const shared = { issuer: 'Posse', algorithm: 'SHA1', digits: 6, period: 30 }

/** A code also counts this many steps early or late: clocks differ, and typing takes a while. */
const window = 1

/** Bytes of a secret, as many as SHA-1 has. */
const secretBytes = 20

/** A new secret in base32, and the URI that apps read it from. */
export function makeTotp(label: string): { secret: string; uri: string } {
  const totp = new TOTP({ ...shared, label, secret: new Secret({ size: secretBytes }) })
  return { secret: totp.secret.base32, uri: totp.toString() }
}

/** The step of time that a code belongs to; `null` where it is wrong. `now` is in Unix seconds. */
export function stepOfCode(secret: string, code: string, now: number): number | null {
  const totp = new TOTP({ ...shared, secret: Secret.fromBase32(secret) })
  const delta = totp.validate({ token: code, timestamp: now * 1000, window })
  return delta === null ? null : Math.floor(now / shared.period) + delta
}

/** The six digits of a code as people type it, `123 456`; `null` where it is none. */
export function digitsOf(text: string): string | null {
  const digits = text.replace(/[\s-]/g, '')
  return /^[0-9]{6}$/.test(digits) ? digits : null
}
