import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { renderBlocks } from '#adapters/chat/slack/renderBlocks.ts'
import {
  exampleAddress as address,
  anyMessage,
  exampleCard as card,
  hostileTexts,
  writeEverywhere,
} from '#test/support/anyMessage.ts'
import { checkSlackRequest } from '#test/support/checkSlackRequest.ts'
import { textOfMessage } from '#test/support/slackPeer.ts'

/** What the limits say of it. */
function problemsOf(pages: ReturnType<typeof renderBlocks>): string[] {
  return pages.flatMap((page) =>
    checkSlackRequest({
      method: 'POST',
      path: '/api/chat.postMessage',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(page),
    }),
  )
}

/** Every value under a key, however deep. */
function findAll(value: unknown, key: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((each) => findAll(each, key))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) =>
    name === key && typeof each !== 'object' ? [each] : findAll(each, key),
  )
}

describe('renderBlocks', () => {
  test('default: a card', () => {
    const pages = renderBlocks(card)
    expect(pages.map(textOfMessage)).toMatchInlineSnapshot(`
      [
        "🔴 Ronin: 5,000 ETH reached the exchange Binance

      It is still there.

      From  0x098b716b8aaf21512996dc57eb0615e2383e2f96 (no label)
      When  2022-03-23 01:46:40 UTC (2022-03-23 01:46:40 UTC your time)
      Explorer  the transaction (https://etherscan.io/tx/0x1)

      owner  ·  ETH
      Binance  ·  5,000
      [Acknowledge]",
      ]
    `)
    expect(pages[0]?.text).toMatchInlineSnapshot(
      `"🔴 Ronin: 5,000 ETH reached the exchange Binance: It is still there."`,
    )
    expect(problemsOf(pages)).toEqual([])
  })

  test.each(hostileTexts)('behavior: nothing of it is read: %s', (text) => {
    const pages = renderBlocks(writeEverywhere(text))
    // In none of these does Slack read any markup.
    const plain = ['actions', 'button', 'date', 'plain_text', 'table', 'text', 'link']
    const types = pages.flatMap(({ blocks }) => findAll(blocks, 'type').map(String))
    expect(types.filter((type) => !type.startsWith('rich_text') && !plain.includes(type))).toEqual(
      [],
    )
    expect(pages.flatMap(({ blocks }) => findAll(blocks, 'url'))).toEqual([])
    expect(pages.flatMap(({ blocks }) => findAll(blocks, 'emoji'))).toEqual([false])
    expect(pages[0]?.text).not.toMatch(/[<>*_~`@]|:\/\//)
  })

  test('behavior: a user group is called, and stands alone', () => {
    const [page] = renderBlocks(card, { page: 'S024BE7LH' })
    expect(findAll(page?.blocks, 'usergroup_id')).toEqual(['S024BE7LH'])
  })

  test('behavior: a long message takes several pages, and no row is lost', () => {
    const rows = Array.from({ length: 700 }, (_, at) => [`row ${at}.`, { code: address }])
    const columns = [{ name: 'name' }, { name: 'address' }]
    const pages = renderBlocks({ ...card, sections: [{ type: 'table', columns, rows }] })
    expect(pages.length).toBeGreaterThan(2)
    expect(problemsOf(pages)).toEqual([])
    const shown = pages.map(textOfMessage).join('\n')
    for (const [name] of rows) expect(shown).toContain(name)
    expect(shown.match(/\[Acknowledge\]/g)).toHaveLength(1)
  })

  test('behavior: a line that is too long is cut with a mark, which is told', () => {
    const onCut = vi.fn()
    const text = Array.from({ length: 9 }, () => ({ strong: 'x'.repeat(2_900) }))
    const pages = renderBlocks({ title: 't', sections: [{ type: 'text', text }] }, { onCut })
    expect(problemsOf(pages)).toEqual([])
    expect(pages.map(textOfMessage).join('')).toContain('…')
    expect(onCut).toHaveBeenCalledTimes(1)
    renderBlocks({ title: 'x'.repeat(3_001), sections: [] }, { onCut })
    expect(onCut).toHaveBeenCalledTimes(2)
  })

  test('behavior: any message keeps within the limits', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(problemsOf(renderBlocks(message, { page: 'S0GROUP' }))).toEqual([])
      }),
      { numRuns: 200 },
    )
  }, 60_000)
})
