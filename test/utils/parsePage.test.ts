import { describe, expect, test } from 'vitest'
import { directOf } from '#utils/directOf.ts'
import { parseAccount } from '#utils/parseAccount.ts'
import { parsePage } from '#utils/parsePage.ts'

describe('parsePage', () => {
  test.each([
    ['<@&80351110224678912>', 'discord:1', 'discord:80351110224678912'],
    ['discord:80351110224678912', 'discord:1', 'discord:80351110224678912'],
    ['<!subteam^S024BE7LH|@oncall>', 'slack:C1', 'slack:S024BE7LH'],
    ['slack:S024BE7LH', 'slack:T1.C1', 'slack:S024BE7LH'],
  ])('behavior: %s in %s is %s', (text, channel, page) => {
    expect(parsePage(text, channel)).toBe(page)
  })

  test.each([
    ['@everyone', 'discord:1'],
    ['<@80351110224678912>', 'discord:1'],
    ['<!channel>', 'slack:C1'],
    ['slack:U024BE7LH', 'slack:C1'],
    ['discord:80351110224678912', 'slack:C1'],
    ['slack:S024BE7LH', 'terminal'],
  ])('error: %s in %s calls nobody', (text, channel) => {
    expect(() => parsePage(text, channel)).toThrow(
      `"${text}" is nobody who can be called in this channel.`,
    )
  })
})

test('behavior: an account is told directly, whoever sits at the terminal is not', () => {
  expect(directOf('slack:U1')).toBe('slack:@U1')
  expect(directOf('slack:T1.U1')).toBe('slack:@T1.U1')
  expect(directOf('terminal')).toBeNull()
})

test('behavior: accounts of one or of several workspaces', () => {
  expect(parseAccount('Slack:U1')).toBe('slack:U1')
  expect(parseAccount('slack:T1.U1')).toBe('slack:T1.U1')
  expect(() => parseAccount('slack:U1.U2.U3')).toThrow('is no account')
  expect(() => parseAccount('terminal')).toThrow('is no account')
})
