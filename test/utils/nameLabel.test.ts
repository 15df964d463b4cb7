import { describe, expect, test } from 'vitest'
import { nameLabel } from '#utils/nameLabel.ts'

describe('nameLabel', () => {
  test('default: name and kind', () => {
    expect(nameLabel({ name: 'Acme', kind: 'exchange' })).toBe('Acme (exchange)')
  })

  test('behavior: the kind alone where there is no name', () => {
    expect(nameLabel({ name: '', kind: 'exchange' })).toBe('(exchange)')
  })
})
