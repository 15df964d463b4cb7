import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { renderCommands } from '#adapters/chat/discord/renderCommands.ts'
import { renderEmbeds } from '#adapters/chat/discord/renderEmbeds.ts'
import { commands } from '#commands/index.ts'
import { shortcuts } from '#src/command/shortcuts.ts'
import { specOf } from '#src/command/specOf.ts'
import {
  exampleAddress as address,
  anyMessage,
  exampleCard as card,
  hostileTexts,
  writeEverywhere,
} from '#test/support/anyMessage.ts'
import { checkDiscordRequest, commandLength } from '#test/support/checkDiscordRequest.ts'

function problemsOf(pages: ReturnType<typeof renderEmbeds>): string[] {
  return pages.flatMap((page) =>
    checkDiscordRequest({
      method: 'POST',
      path: '/api/v10/channels/400000000000000000/messages',
      headers: {},
      body: JSON.stringify({ ...page, allowed_mentions: { parse: [] } }),
    }),
  )
}

describe('renderEmbeds', () => {
  test('default: a card', () => {
    const pages = renderEmbeds(card)
    expect(pages[0]?.embeds[0]?.description).toMatchInlineSnapshot(`
      "🔴 **Ronin\\: 5,000 ETH reached the exchange Binance**

      It is still there\\.

      **From**  \`0x098b716b8aaf21512996dc57eb0615e2383e2f96\` \\(no label\\)
      **When**  2022\\-03\\-23 01\\:46\\:40 UTC (<t:1648000000:f>)
      **Explorer**  [the transaction](https://etherscan.io/tx/0x1)

      **owner** · **ETH**
      Binance · 5,000"
    `)
    expect(problemsOf(pages)).toEqual([])
  })

  test.each(hostileTexts)('behavior: nothing of it is read: %s', (text) => {
    const [page] = renderEmbeds(writeEverywhere(text))
    const shown = page?.embeds[0]?.description ?? ''
    // What is in code is read as nothing; of all else each mark is taken for itself, and ours are the bold ones.
    const rest = shown.replace(/\\[^0-9A-Za-z\s]|`[^`\n]*`/g, '').replace(/🟠 |\*\*| · /g, '')
    expect(rest).not.toMatch(/[*_~|>#[\]()<@:\\]/)
  })

  test('behavior: a long message takes several pages, and no row is lost', () => {
    const rows = Array.from({ length: 300 }, (_, at) => [`row ${at},`, { code: address }])
    const columns = [{ name: 'name' }, { name: 'address' }]
    const pages = renderEmbeds({ ...card, sections: [{ type: 'table', columns, rows }] })
    expect(pages.length).toBeGreaterThan(2)
    expect(problemsOf(pages)).toEqual([])
    const shown = pages.map(({ embeds }) => embeds[0]?.description).join('\n')
    for (const [name] of rows) expect(shown).toContain(name)
    expect(pages.filter(({ components }) => components.length > 0)).toHaveLength(1)
  })

  test('behavior: a line that is too long is cut with a mark, which is told', () => {
    const onCut = vi.fn()
    const text = Array.from({ length: 9 }, () => ({ strong: 'x'.repeat(2_900) }))
    const pages = renderEmbeds({ title: 't', sections: [{ type: 'text', text }] }, { onCut })
    expect(problemsOf(pages)).toEqual([])
    expect(JSON.stringify(pages)).toContain('…')
    expect(onCut).toHaveBeenCalledTimes(1)
    renderEmbeds({ title: 'x'.repeat(3_001), sections: [] }, { onCut })
    expect(onCut).toHaveBeenCalledTimes(2)
  })

  test('behavior: any message keeps within the limits', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(problemsOf(renderEmbeds(message))).toEqual([])
      }),
      { numRuns: 200 },
    )
  }, 60_000)
})

describe('renderCommands', () => {
  const { body, nameOf } = renderCommands(commands.map(specOf), shortcuts)

  test('behavior: all commands are there, each within what Discord takes', () => {
    const names = body.flatMap((command) => {
      if (command.type !== 1) return []
      return (command.options ?? []).map((option) => nameOf(`${command.name} ${option.name}`))
    })
    expect(names.sort()).toEqual(commands.map(({ name }) => name).sort())
    expect(Math.max(...body.map(commandLength))).toBeLessThanOrEqual(8_000)
    const problems = checkDiscordRequest({
      method: 'PUT',
      path: '/api/v10/applications/400000000000000000/guilds/400000000000000000/commands',
      headers: {},
      body: JSON.stringify(body),
    })
    expect(problems).toEqual([])
  })

  test('behavior: strangers see what is open to them, and no more', () => {
    const open = body.filter(({ default_member_permissions: permissions }) => permissions === null)
    expect(open.map(({ name }) => name).sort()).toEqual(['posse', 'posse-access'])
  })

  test('error: a group that Discord would not take is said at once', () => {
    const [first] = commands.map(specOf)
    const many = Array.from({ length: 26 }, (_, at) => ({
      ...first!,
      name: `case verb${at}`,
      group: 'case',
    }))
    expect(() => renderCommands(many, [])).toThrow('/posse-case has 26 commands')
  })
})
