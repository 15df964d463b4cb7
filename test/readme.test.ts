import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { commands } from '#commands/index.ts'
import { commandUsage } from '#src/command/commandUsage.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

describe('README', () => {
  test('its table of commands is the list of commands', () => {
    const rows = commands.map(
      (command) => `| \`${commandUsage(command)}\` | ${command.description} |`,
    )
    expect(readme).toContain(`|---|---|\n${rows.join('\n')}\n\n`)
  })
})
