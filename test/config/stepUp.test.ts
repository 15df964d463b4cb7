import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readEnv } from '#config/env.ts'
import { readSettings } from '#config/settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'posse-stepup-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'posse.config.json')
const key = 'ab'.repeat(32)

function read(rules: object, env: NodeJS.ProcessEnv = {}) {
  const rpc = [{ url: 'https://node.example' }]
  const chains = [{ id: 'eip155:1', rpc }]
  writeFileSync(file, JSON.stringify({ database: 'posse.sqlite', chains, cases: [], rules }))
  return readSettings(file, env).rules.stepUp
}

describe('rules.stepUp', () => {
  test('default: a second person', () => {
    expect(read({})).toBe('second person')
    expect(read({ stepUp: 'none' })).toBe('none')
    expect(read({ stepUp: 'totp' }, { POSSE_KEY: key })).toBe('totp')
  })

  test('error: another word, and codes without a key to seal secrets with', () => {
    expect(() => read({ stepUp: 'two' })).toThrow(
      'rules.stepUp is "two": write one of "second person", "totp", "none"',
    )
    expect(() => read({ stepUp: 'totp' })).toThrow('rules.stepUp needs the variable POSSE_KEY')
  })
})

test('a key in the environment that is none is refused, and not repeated', () => {
  expect(readEnv({ POSSE_KEY: key }).POSSE_KEY).toBe(key)
  expect(readEnv({}).POSSE_KEY).toBe(undefined)
  const wrong = `${key.slice(1)}x`
  expect(() => readEnv({ POSSE_KEY: wrong })).toThrow(
    'POSSE_KEY is no key: use 64 hex digits, made by openssl rand -hex 32.',
  )
})
