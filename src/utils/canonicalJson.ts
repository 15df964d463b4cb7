import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/** What canonical JSON can say: amounts are strings of decimal digits. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }

/** The one way to write a value down as JSON (RFC 8785): the same value gives the same bytes everywhere. */
export function canonicalJson(value: Json): string {
  return canonicalize(value) ?? 'null'
}

/** SHA-256 of a value as canonical JSON, in lower-case hex. */
export function hashOf(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}
