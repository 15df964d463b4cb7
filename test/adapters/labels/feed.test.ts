import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { readFeed } from '#adapters/labels/feed/readFeed.ts'
import { FeedError } from '#errors/feed.ts'
import type { FeedSettings } from '#types/feed.ts'

const a = `0x${'a'.repeat(40)}`
const b = `0x${'b'.repeat(40)}`
const { signal } = new AbortController()

const settings: FeedSettings = {
  name: 'list',
  from: { file: '' },
  format: 'ofac',
  kind: 'sanctioned',
  source: 'OFAC',
  confidence: 0.6,
  staleAfterDays: 30,
  schedule: '0 6 * * *',
  incident: null,
}

const folder = mkdtempSync(join(tmpdir(), 'posse-feed-'))
let server: Server | undefined
afterEach(() => server?.close())

async function readText(text: string, changes: Partial<FeedSettings> = {}) {
  const file = join(folder, 'feed.txt')
  writeFileSync(file, text)
  return await readFeed({ ...settings, ...changes, from: { file } }, { signal })
}

async function faultOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(FeedError)
  return (error as FeedError).message
}

async function serve(listener: RequestListener): Promise<FeedSettings> {
  server = createServer(listener)
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    ...settings,
    from: { url: `http://127.0.0.1:${port}/s3cret-key/list.txt?token=s3cret-key` },
  }
}

/** Without the port, which differs. */
const sentenceOf = async (feed: FeedSettings, options = {}) => {
  const sentence = await faultOf(readFeed(feed, { signal, ...options }))
  expect(sentence).not.toContain('s3cret')
  return sentence.replace(/127\.0\.0\.1:\d+/, 'host')
}

describe('readFeed', () => {
  test('default: addresses a line each, once, in order, comments aside', async () => {
    expect(
      await readText(`# list\n${b}\n\n${a} # a comment\n${b.toUpperCase().replace('0X', '0x')}\n`),
    ).toEqual([
      { address: a, name: 'OFAC', kind: 'sanctioned' },
      { address: b, name: 'OFAC', kind: 'sanctioned' },
    ])
    expect(
      await readText(JSON.stringify([a, 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq'])),
    ).toHaveLength(2)
  })

  test('behavior: the CSV of a page of labels', async () => {
    const csv = `Address,Name Tag,Kind\n${a},"Acme: Hot, 1",exchange\n${b},Somebody,\n`
    expect(await readText(csv, { format: 'etherscan', kind: 'other' })).toEqual([
      { address: a, name: 'Acme: Hot, 1', kind: 'exchange' },
      { address: b, name: 'Somebody', kind: 'other' },
    ])
  })

  test('behavior: incidents by date and chains by name, new ones at any time', async () => {
    const json = JSON.stringify({
      '0221': { eth: [a], moon: ['not-an-address'] },
      '0912': { bsc: [b] },
    })
    const format = 'hack-address'
    expect(await readText(json, { format, kind: 'thief' })).toEqual([
      { address: a, name: 'Incident 0221', kind: 'thief' },
      { address: b, name: 'Incident 0912', kind: 'thief' },
    ])
    expect(await readText(json, { format, kind: 'thief', incident: '0912' })).toHaveLength(1)
  })

  test('error: what cannot be right refuses all of it', async () => {
    const sentences = [
      await faultOf(readText('')),
      await faultOf(readText(`${a}\n0x12\n`)),
      await faultOf(readText('[1, 2]')),
      await faultOf(readText('{"0221":', { format: 'hack-address' })),
      await faultOf(readText('{"0221":["x"]}', { format: 'hack-address' })),
      await faultOf(readText('a,b\n1,2\n', { format: 'etherscan' })),
      await faultOf(readText(`Address,Label\n${a},\u202eevil\n`, { format: 'etherscan' })),
      await faultOf(readFeed({ ...settings, from: { file: join(folder, 'none') } }, { signal })),
    ]
    expect(sentences).toMatchInlineSnapshot(`
      [
        "The feed "list" from "feed.txt" cannot be used: it holds no address.",
        "The feed "list" from "feed.txt" cannot be used: "0x12" is not an address.",
        "The feed "list" from "feed.txt" cannot be used: it is no list of addresses.",
        "The feed "list" from "feed.txt" cannot be used: it is no whole JSON.",
        "The feed "list" from "feed.txt" cannot be used: it has not the shape {"0221":{"eth":["0x…"]}}.",
        "The feed "list" from "feed.txt" cannot be used: its header names no address and no label.",
        "The feed "list" from "feed.txt" cannot be used: the name "\\u{202e}evil" holds a control or invisible character.",
        "The feed "list" from "none" cannot be used: the file cannot be read.",
      ]
    `)
  })

  test('error: what a host may do wrong, without its URL', async () => {
    const sentences = [
      await sentenceOf(await serve((_request, response) => response.writeHead(500).end())),
      await sentenceOf(
        await serve((_request, response) =>
          response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
        ),
      ),
      await sentenceOf(await serve((_request, response) => response.end('<!DOCTYPE html><html>'))),
      await sentenceOf(await serve((_request, response) => response.end(`${a}\n`.repeat(100))), {
        limitBytes: 200,
      }),
      await sentenceOf(await serve((_request, response) => void response.write(a)), {
        limitMs: 200,
      }),
      await sentenceOf({ ...settings, from: { url: 'http://127.0.0.1:1/s3cret' } }),
    ]
    expect(sentences).toMatchInlineSnapshot(`
      [
        "The feed "list" from "host" cannot be used: it answers 500.",
        "The feed "list" from "host" cannot be used: it cannot be reached, or leads elsewhere.",
        "The feed "list" from "host" cannot be used: it is a web page: "<!DOCTYPE html><html".",
        "The feed "list" from "host" cannot be used: it is larger than 200 bytes.",
        "The feed "list" from "host" cannot be used: it did not answer in time.",
        "The feed "list" from "host" cannot be used: it cannot be reached, or leads elsewhere.",
      ]
    `)
    rmSync(folder, { recursive: true })
  })

  test('behavior: over HTTP', async () => {
    const feed = await serve((_request, response) => response.end(`${a}\n`))
    expect(await readFeed(feed, { signal })).toEqual([
      { address: a, name: 'OFAC', kind: 'sanctioned' },
    ])
  })
})
