import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createHistory } from '#adapters/chain/evm/createHistory.ts'
import { ethereum } from '#config/chains/ethereum.ts'

const [one, other] = [`0x${'1'.repeat(40)}`, `0x${'2'.repeat(40)}`]

/** Rows as Etherscan's documentation shows them, shortened to what is read. */
const rows: Record<string, number[]> = {
  [`txlist ${one}`]: [14_923_678, 14_923_692],
  [`txlistinternal ${one}`]: [14_923_680],
  [`tokentx ${other}`]: [14_923_679],
}

describe('createHistory', () => {
  let server: Server
  let url: string
  let asked: URLSearchParams[] = []
  let broken: { status: number; body: string } | null = null
  const warnings: object[] = []

  beforeAll(async () => {
    server = createServer(({ url: path = '' }, response) => {
      const query = new URL(path, 'http://x').searchParams
      asked.push(query)
      if (broken) {
        response.statusCode = broken.status
        response.end(broken.body)
        return
      }
      const [start, end] = ['startblock', 'endblock'].map((name) => Number(query.get(name)))
      const found = (rows[`${query.get('action')} ${query.get('address')}`] ?? []).filter(
        (block) => block >= (start ?? 0) && block <= (end ?? 0),
      )
      const none = { status: '0', message: 'No transactions found', result: [] }
      const some = {
        status: '1',
        message: 'OK',
        result: found.map((block) => ({ blockNumber: String(block), hash: '0x' })),
      }
      response.end(JSON.stringify(found.length === 0 ? none : some))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/api?chainid=1`
  })
  afterAll(() => server.close())
  beforeEach(() => {
    asked = []
    broken = null
    warnings.length = 0
  })

  const open = () =>
    createHistory(
      { url, key: 'secret-key', requestsPerSecond: 10_000 },
      {
        ...{ chain: ethereum, pollMs: 1, timeoutMs: 2_000, onCall: () => undefined },
        log: {
          ...{ debug: () => undefined, info: () => undefined, error: () => undefined },
          warn: (fields, text) => void warnings.push({ ...fields, text }),
        },
        now: Date.now,
        sleep: async (ms) => void (await setTimeout(ms)),
      },
    )

  test('behavior: the next block of any of the lists of any address, each list asked for once', async () => {
    const next = open()
    const upTo = 15_000_000
    const addresses = [one, other, 'contract-creation:0x']
    const blocks = []
    for (let after = 14_900_000; after < upTo; ) {
      after = await next({ addresses, after, upTo })
      blocks.push(after)
    }
    expect(blocks).toEqual([14_923_678, 14_923_679, 14_923_680, 14_923_692, upTo + 1])
    expect(asked).toHaveLength(8)
    expect(asked[0]?.get('chainid')).toBe('1')
    expect(asked[0]?.get('apikey')).toBe('secret-key')
  })

  test.each([
    [
      'a limit',
      { status: 200, body: '{"status":"0","message":"NOTOK","result":"Max rate limit reached"}' },
    ],
    ['a page of HTML', { status: 200, body: '<html>' }],
    ['another status', { status: 502, body: '' }],
    [
      'blocks that were not asked for',
      { status: 200, body: '{"message":"OK","result":[{"blockNumber":"5"}]}' },
    ],
    ['another shape', { status: 200, body: '{"message":"OK","result":[{"blockNumber":7}]}' }],
  ])('error: %s: no block is passed over, and it is left alone for a while', async (_name, answer) => {
    broken = answer
    const next = open()
    expect(await next({ addresses: [one], after: 100, upTo: 10_000 })).toBe(101)
    expect(await next({ addresses: [one], after: 101, upTo: 10_000 })).toBe(102)
    expect(asked).toHaveLength(1)
    expect(JSON.stringify(warnings)).not.toContain('secret-key')
    expect(warnings).toHaveLength(1)
  })
})
