import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { UserError } from '#errors/userError.ts'

describe('UserError', () => {
  test('default: carries a sentence, a hint and a cause', () => {
    const cause = new Error('below')
    const error = new UserError('There is no case "12".', { hint: 'List them.', cause })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ message: 'There is no case "12".', hint: 'List them.', cause })
    expect(String(error)).toBe('UserError: There is no case "12".')
  })

  test('behavior: is logged without a cause where it has none', () => {
    expect(inspect(new UserError('There is no case "12".'))).not.toContain('cause')
  })
})
