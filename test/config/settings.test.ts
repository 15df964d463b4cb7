import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { ethereum } from '#config/chains/ethereum.ts'
import { rules } from '#config/rules.ts'
import { readSettings, type Settings } from '#config/settings.ts'
import { UserError } from '#errors/userError.ts'

const folder = mkdtempSync(join(tmpdir(), 'posse-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = join(folder, 'posse.config.json')
const key = 'k3yK3yk3yK3yk3yK3y'
const env = { RPC_KEY: key }
const example = fileURLToPath(new URL('../../posse.config.example.json', import.meta.url))

const thief = '0x098b716b8aaf21512996dc57eb0615e2383e2f96'
const meth = '0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4d'
const weth = '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2'
const methToken = { contract: meth, symbol: 'mETH', decimals: 18 }

const source = { address: thief, asset: 'native', amount: '1.5 ETH' }
const theft = {
  id: 'acme',
  name: 'Acme, 2025',
  chain: 'eip155:1',
  stolenAt: '2025-02-21T14:16:11Z',
  followAfter: 21_895_251,
  sources: [source],
}
const provider = { url: `https://node.example/v2/\${RPC_KEY}` }
const chain = { id: 'eip155:1', rpc: [provider] }
const whole = { database: 'posse.sqlite', chains: [chain], cases: [theft] }
const gnosis = {
  id: 'eip155:100',
  rpc: [{ url: 'https://gnosis.example' }],
  name: 'Gnosis',
  native: { symbol: 'xDAI', decimals: 18 },
  explorer: { address: 'https://gnosis.example/a/', transaction: 'https://gnosis.example/t/' },
  confirmations: 20,
}

function read(content: unknown, variables: NodeJS.ProcessEnv = env): Settings {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return readSettings(file, variables)
}

function withChain(given: object): object {
  return { ...whole, chains: [{ ...chain, ...given }] }
}

function withCase(given: object): object {
  return { ...whole, cases: [{ ...theft, ...given }] }
}

function withSource(given: object): object {
  return withCase({ sources: [{ ...source, ...given }] })
}

/** What is wrong by the sentence that a person reads, without its beginning. */
function faultOf(content: unknown, variables: NodeJS.ProcessEnv = env): string {
  try {
    read(content, variables)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return error.message.replace(/^The settings file ".*?" (has|is) /, '')
  }
  return 'no fault'
}

describe('readSettings', () => {
  test('default: a chain that ships needs its nodes alone', () => {
    expect(read(whole)).toEqual({
      database: 'posse.sqlite',
      chains: [
        {
          chain: ethereum,
          providers: [{ url: `https://node.example/v2/${key}` }],
          pollMs: 1000,
        },
      ],
      cases: [
        {
          id: 'acme',
          name: 'Acme, 2025',
          chain: 'eip155:1',
          stolenAt: 1_740_147_371,
          followAfter: 21_895_251,
          assets: [ethereum.native],
          sources: [{ address: thief, asset: 'eip155:1/slip44:60', amount: 1_500000000000000000n }],
          published: [],
        },
      ],
      rules,
      house: {
        organizations: [],
        members: [{ account: 'terminal', name: 'terminal', role: 'admin', organization: null }],
        routes: [],
        feeds: [],
      },
      slack: null,
      discord: null,
      evidence: null,
      prices: null,
      bridgeApis: [],
      labels: [],
      secrets: [`https://node.example/v2/${key}`, `/v2/${key}`, key],
    })
  })

  test('the example that ships is right', () => {
    const settings = readSettings(example, { ETHEREUM_RPC_KEY: key })
    expect(settings.chains[0]?.providers[0]?.url).toContain(key)
    expect(settings.cases[0]?.assets.map(({ symbol }) => symbol)).toEqual(['ETH', 'mETH'])
  })

  test('a node and a chain take every option', () => {
    const options = { receipts: 'logs', requestsPerSecond: 0.5 }
    const websocket = 'wss://node.example/socket'
    const [live] = read(
      withChain({ rpc: [{ ...provider, ...options }], websocket, pollMs: 100 }),
    ).chains
    expect(live).toMatchObject({ providers: [options], websocket, pollMs: 100 })
  })

  test('APIs of bridges are read, and their keys are secrets', () => {
    const api = { protocol: 'Chainflip', url: `https://api.example/${key}` }
    const settings = read({ ...whole, bridgeApis: [api] })
    expect(settings.bridgeApis).toEqual([api])
    expect(settings.secrets).toContain(api.url)
  })

  test('a chain that does not ship is described in the file', () => {
    const token = { contract: weth, symbol: 'WXDAI', decimals: 18, wrapsNative: true }
    const { chains } = read({ ...whole, chains: [chain, { ...gnosis, tokens: [token] }] })
    const native = { id: 'eip155:100/slip44:60', symbol: 'xDAI', decimals: 18 }
    expect(chains[1]?.chain).toEqual({
      id: 'eip155:100',
      name: 'Gnosis',
      native,
      tokens: [{ contract: weth, asset: native, wrapsNative: true }],
      confirmations: 20,
      explorer: gnosis.explorer,
    })
  })

  test('what the file says of a chain goes over what ships, and keeps its tokens', () => {
    const [live] = read(withChain({ confirmations: 64, tokens: [methToken] })).chains
    expect(live?.chain).toMatchObject({ name: 'Ethereum', confirmations: 64 })
    expect(live?.chain.tokens).toEqual([
      ...ethereum.tokens,
      {
        contract: meth,
        asset: { id: `eip155:1/erc20:${meth}`, symbol: 'mETH', decimals: 18 },
      },
    ])
  })

  test('another native asset is what wrapped tokens count as', () => {
    const [live] = read({
      ...withSource({ amount: '1 TST' }),
      chains: [{ ...chain, native: { symbol: 'TST', decimals: 18 } }],
    }).chains
    expect(live?.chain.tokens[0]?.asset).toEqual(live?.chain.native)
  })

  test.each([
    ['the contract of a token', meth],
    ['a contract with its checksum', '0x5a0B54d5DC17e0AadC383D2dB43B0a0d3E029c4d'],
    ['a CAIP-19 id', `eip155:1/erc20:${meth}`],
  ])('an asset is named by %s', (_what, asset) => {
    const sources = [source, { ...source, asset, amount: '2 meth' }]
    const { cases } = read({
      ...whole,
      chains: [{ ...chain, tokens: [methToken] }],
      cases: [{ ...theft, sources }],
    })
    expect(cases[0]?.assets.map(({ id }) => id)).toEqual([
      'eip155:1/slip44:60',
      `eip155:1/erc20:${meth}`,
    ])
    expect(cases[0]?.sources[1]).toMatchObject({
      asset: `eip155:1/erc20:${meth}`,
      amount: 2_000000000000000000n,
    })
  })

  test('a token that wraps the native asset is that asset', () => {
    const [open] = read(withSource({ asset: weth })).cases
    expect(open?.sources[0]?.asset).toBe('eip155:1/slip44:60')
  })

  test.each([
    ['401346.768858404671846374 ETH', 401_346_768858404671846374n],
    ['173600ETH', 173_600_000000000000000000n],
    ['12', 12n],
    ['0.000000000000000001 eth', 1n],
    [String(2n ** 256n - 1n), 2n ** 256n - 1n],
  ])('the amount %s is %s base units', (amount, expected) => {
    expect(read(withSource({ amount })).cases[0]?.sources[0]?.amount).toBe(expected)
  })

  test.each([
    ['2025-02-21T14:16:11Z', 1_740_147_371],
    ['2025-02-21T15:16:11+01:00', 1_740_147_371],
    [1_740_147_371, 1_740_147_371],
    ['1740147371', 1_740_147_371],
  ])('the time %s is %s', (stolenAt, expected) => {
    expect(read(withCase({ stolenAt })).cases[0]?.stolenAt).toBe(expected)
  })
})

describe('readSettings: variables', () => {
  test('are put into texts wherever they stand', () => {
    const { cases } = read(withCase({ name: `\${WHO} and \${WHO}` }), { ...env, WHO: 'Acme' })
    expect(cases[0]?.name).toBe('Acme and Acme')
  })

  test('a value is taken as it is, not filled again', () => {
    const { cases } = read(withCase({ name: `\${WHO}` }), { ...env, WHO: `a\${RPC_KEY}$&b` })
    expect(cases[0]?.name).toBe(`a\${RPC_KEY}$&b`)
  })

  test('missing and empty ones are refused once each, and nothing follows from them', () => {
    const websocket = `wss://\${HOST}/\${EMPTY}`
    expect(faultOf(withChain({ websocket }), { EMPTY: '' })).toMatchInlineSnapshot(
      `"2 faults: chains[0].rpc[0].url names the variable "RPC_KEY", which is not set: set it in .env or in the environment; chains[0].websocket names the variable "HOST", which is not set, and "EMPTY", which is empty: set it in .env or in the environment."`,
    )
  })

  test('a slip in the notation is refused', () => {
    expect(faultOf(withCase({ name: `Acme \${1X}` }))).toMatchInlineSnapshot(
      `"a fault: cases[0].name has a "\${" that is no variable: write the name of the variable with letters, digits and _ alone."`,
    )
    expect(faultOf(withCase({ name: `Acme \${RPC_KEY` }))).toMatchInlineSnapshot(
      `"a fault: cases[0].name has a "\${" that is no variable: write the name of the variable with letters, digits and _ alone."`,
    )
  })
})

describe('readSettings: secrets', () => {
  test('are the URLs, their parts that can be keys, and what variables held', () => {
    const url = `https://user:pa%24%24word@node.example/abcdefgh/short?apikey=QUERY%2FKEY&x=1#fragment-key`
    const { secrets } = read(
      withChain({ rpc: [{ url }], websocket: `wss://node.example/\${RPC_KEY}/` }),
    )
    for (const secret of [
      url,
      'abcdefgh',
      'QUERY%2FKEY',
      'QUERY/KEY',
      'pa%24%24word',
      'pa$$word',
      Buffer.from('user:pa$$word').toString('base64'),
      'fragment-key',
      key,
      `wss://node.example/${key}/`,
    ]) {
      expect(secrets).toContain(secret)
    }
    for (const word of ['short', 'node.example', 'user', 'apikey', '1']) {
      expect(secrets).not.toContain(word)
    }
    expect(secrets.map(({ length }) => length)).toEqual(
      secrets.map(({ length }) => length).sort((a, b) => b - a),
    )
  })

  test('a short value of a variable is none', () => {
    const { secrets } = read(withCase({ name: `Acme \${YEAR} \${DAY}` }), {
      ...env,
      YEAR: '2025',
      DAY: '1',
    })
    expect(secrets).toContain('2025')
    expect(secrets).not.toContain('1')
  })

  test('no fault shows any of them', () => {
    const secret = 'S3CR3Ts3cr3t'
    const urls = [
      `ftp://${secret}:${secret}@node.example/${secret}?k=${secret}#${secret}`,
      `https://node.example/${secret} ${secret}`,
      `//node.example/${secret}`,
      `node.example:443/${secret}`,
      `https://\${RPC_KEY}.example/${secret} x`,
      secret,
      [secret],
      { [`https://node.example/${secret}`]: secret },
      [{ url: secret }],
    ]
    const text = `https://node.example/${secret}`
    const faults = [
      ...urls.flatMap((url) => [
        withChain({ rpc: [{ url }] }),
        withChain({ rpc: url }),
        withChain({ rpc: [url] }),
        withChain({ websocket: url }),
        withChain({ rpc: [{ url: 'https://node.example' }, { urll: url }] }),
        withChain({ rpc: [{ ...provider, receipts: text, requestsPerSecond: text }] }),
      ]),
      ...['id', 'chain', 'name', 'stolenAt', 'followAfter'].map((name) =>
        withCase({ [name]: `${text}\n` }),
      ),
      ...['address', 'asset', 'amount'].map((name) => withSource({ [name]: text })),
      withChain({ rpc: [provider, provider] }),
      withChain({ [text]: 1 }),
      withChain({ id: `\${RPC_KEY}` }),
      withChain({ explorer: { address: `${text} `, transaction: text } }),
      { ...whole, chains: text },
      { ...whole, database: [text] },
      { ...whole, database: ':memory:' },
      text,
      `{"chains": "${text}",, "${secret}"}`,
      `{"chains": ["${secret}" "${secret}"]}`,
    ].map((content) => faultOf(content, { RPC_KEY: secret }))
    expect(faults).not.toContain('no fault')
    expect(faults.join('\n')).not.toMatch(/s3cr3t/i)
    expect(faults.join('\n')).toContain('on the host "node.example"')
  })

  test('a faulty file leaves no cause that quotes it', () => {
    expect.assertions(1)
    try {
      read(`{"url": ${key}}`)
    } catch (error) {
      expect(error).not.toHaveProperty('cause')
    }
  })
})

describe('readSettings: faults', () => {
  test('are told all at once, each with its place', () => {
    const content = {
      databse: 'x',
      chains: [
        {
          ...chain,
          rpc: [{ ...provider, reciepts: 'logs' }, { url: 'ftp://b.example/x' }],
          pollMs: 50,
        },
        { id: 'eip155:100', rpc: [] },
      ],
      cases: [
        { ...theft, sources: [] },
        { ...theft, sources: [{ ...source, amount: 1 }] },
      ],
    }
    expect(faultOf(content).replaceAll('; ', ';\n')).toMatchInlineSnapshot(`
      "9 faults: database is missing: name a file, such as "posse.sqlite";
      databse is no setting: write "database" if that is meant;
      chains[0].rpc[0].reciepts is no setting: write "receipts" if that is meant;
      chains[0].rpc[1].url is on the host "b.example": write a whole URL such as https://node.example/key;
      chains[0].pollMs is "50": write a whole number of milliseconds from 100 to 60000, without quotes;
      chains[1].rpc is an empty list: list at least one node, such as [{ "url": "https://node.example/key" }];
      cases[0].sources is an empty list: list at least one address that holds what was stolen;
      cases[1].sources[0].amount is "1": write it in quotes, such as "401346.5 ETH";
      cases[1].id is "acme": a case of that id is listed above, choose another one."
    `)
  })

  test.each<[string, object]>([
    ['a chain twice', { ...whole, chains: [chain, chain] }],
    ['a chain twice, one of them faulty', { ...whole, chains: [{ ...chain, pollMs: 1 }, chain] }],
    ['no chain', { ...whole, chains: [] }],
    ['cases that are no list', { ...whole, cases: 'none' }],
    [
      'an API of a bridge that has none',
      { ...whole, bridgeApis: [{ protocol: 'Across', url: 'https://across.example' }] },
    ],
    ['APIs of bridges that are no list', { ...whole, bridgeApis: 'all' }],
    ['a chain of another kind', withChain({ id: 'cosmos:cosmoshub-4' })],
    [
      'a chain that nobody described',
      { ...whole, chains: [chain, { id: 'eip155:9', rpc: [provider] }] },
    ],
    ['one node twice', withChain({ rpc: [provider, provider] })],
    ['a WebSocket over HTTP', withChain({ websocket: 'https://node.example' })],
    ['a token twice', withChain({ tokens: [methToken, methToken] })],
    ['a case of a chain that is not configured', withCase({ chain: 'eip155:5' })],
    ['a case twice', { ...whole, cases: [theft, theft] }],
    ['a case that ships', withCase({ id: 'ronin' })],
    ['a case id in upper case', withCase({ id: 'Acme' })],
    ['a case without a block', withCase({ followAfter: undefined })],
    ['a source twice', withCase({ sources: [source, { ...source, asset: weth }] })],
    ['a bad checksum', withSource({ address: '0x098b716b8aaf21512996dc57eb0615e2383e2F96' })],
    ['a short address', withSource({ address: '0x098b' })],
    ['an unknown token', withSource({ asset: meth })],
    [
      'a constructor as a key',
      JSON.parse(JSON.stringify(whole).replace('"database"', '"__proto__":{},"database"')),
    ],
  ])('%s', (what, content) => {
    expect(`${what}: ${faultOf(content)}`).toMatchSnapshot()
  })

  test('a chain with a fault is no reason to refuse its cases', () => {
    expect(faultOf(withChain({ pollMs: 1 }))).not.toContain('cases')
  })

  test.each([
    '0',
    '0 ETH',
    '-1 ETH',
    '-1',
    '1.5',
    '1e3 ETH',
    '1,000 ETH',
    '1 BTC',
    '0.0000000000000000001 ETH',
    '1'.repeat(300),
    String(2n ** 256n),
    '',
    'ETH',
  ])('the amount %j', (amount) => {
    expect(faultOf(withSource({ amount })).slice(0, 200)).toMatchSnapshot()
  })

  test.each([
    '2025-02-21T14:16:11',
    '2025-02-21',
    '2025-02-30T00:00:00Z',
    1_740_147_371_000,
    0,
    -1,
    1.5,
    '2999-01-01T00:00:00Z',
  ])('the time %j', (stolenAt) => {
    expect(faultOf(withCase({ stolenAt }))).toMatch(
      /^a fault: cases\[0\]\.stolenAt is ".*": write a time with its zone/,
    )
  })

  test('a file that is not there, empty, cut or no JSON says where', () => {
    expect(() => readSettings(join(folder, 'none.json'), env)).toThrow(
      /^The file ".*none\.json" cannot be read: there is no such file\.$/,
    )
    expect(() => readSettings(folder, env)).toThrow('cannot be read: it is a folder.')
    expect(faultOf('')).toBe('not JSON: it is empty.')
    expect(faultOf('{"chains": [')).toBe('not JSON: it ends too early.')
    expect(faultOf('{"chains": "x')).toBe('not JSON: it ends too early.')
    expect(faultOf('{\n  "chains": [1,]\n}')).toBe(
      'not JSON: line 2, character 16 does not belong there.',
    )
    expect(faultOf('{\n  // why\n}')).toBe('not JSON: line 2, character 3 does not belong there.')
    expect(faultOf('{"a": tru}')).toBe('not JSON: line 1, character 10 does not belong there.')
    expect(faultOf('{"a": 1} x')).toBe('not JSON: line 1, character 10 does not belong there.')
    expect(faultOf('{"a": "x\ny"}')).toBe('not JSON: line 1, character 9 does not belong there.')
  })

  test('a byte order mark is no fault', () => {
    expect(read(`\uFEFF${JSON.stringify(whole)}`).database).toBe('posse.sqlite')
  })
})
