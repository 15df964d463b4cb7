import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readSettings } from '#config/settings.ts'
import { compareSettings } from '#src/main/compareSettings.ts'
import { checkConfig, showConfig } from '#src/main/runConfig.ts'

const key = 'k3y-that-nobody-must-see'
const env = { RPC_KEY: key, FEED_KEY: `${key}-feed` }

/** As the file names a variable of the environment. */
const named = (name: string) => `\u0024{${name}}`

const whole = {
  database: 'posse.sqlite',
  chains: [{ id: 'eip155:1', rpc: [{ url: `https://node.example/v2/${named('RPC_KEY')}` }] }],
  rules: {
    foldMinutes: 5,
    dustPerMillion: 20,
    escalation: [{ afterMinutes: 3, channel: 'slack:C1' }],
  },
  organizations: [
    {
      id: 'acme',
      name: 'Acme Exchange',
      members: [{ account: 'slack:U1', name: 'Ann', role: 'lead' }],
    },
  ],
  admins: ['discord:42'],
  routes: [{ channel: 'slack:C1', topics: ['reached', '-dex'], min: '10 ETH', form: 'short' }],
  labels: [
    { file: 'own.csv', source: 'Acme', date: '2026-01-01', confidence: 0.9, staleAfterDays: 30 },
  ],
  feeds: [
    {
      name: 'ofac',
      url: `https://lists.example/${named('FEED_KEY')}/sdn.txt`,
      format: 'ofac',
      kind: 'sanctioned',
      source: 'OFAC',
      confidence: 0.6,
      staleAfterDays: 30,
    },
  ],
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'posse-config-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(content: unknown): string {
  const file = join(folder, 'settings.json')
  writeFileSync(file, JSON.stringify(content))
  return file
}

function run(action: typeof checkConfig, content: unknown) {
  let text = ''
  const write = (piece: string) => {
    text += piece
  }
  const code = action({ file: fileOf(content), env, write })
  return { code, text: text.replaceAll(folder, '') }
}

describe('posse config check', () => {
  test('default: says that all is well, and what there is', () => {
    expect(run(checkConfig, whole)).toMatchInlineSnapshot(`
      {
        "code": 0,
        "text": "The settings file "/settings.json" is fine: 1 chain, 0 cases, 1 organization, 3 members, 1 route, 1 own label list, 1 feed.
      ",
      }
    `)
  })

  test('error: every fault at once, each with its place, what was found and what is allowed', () => {
    const [org] = whole.organizations
    const faulty = {
      ...whole,
      rules: {
        foldMinutes: 0,
        openCards: 20,
        burstHop: 3,
        escalation: [{ afterMinutes: 5, channel: 'C1' }],
      },
      organizations: [{ ...org, id: 'Acme Inc' }, org, { ...org, members: [] }],
      admins: ['slack:U1', 'someone'],
      routes: [
        { channel: 'slack', topics: ['mixr'] },
        { channel: 'slack:C2', topics: ['mixr'], min: 'much' },
      ],
      labels: [{ file: '', source: 'x', date: 'yesterday', confidence: 2, staleAfterDays: 0 }],
      feeds: [
        { ...whole.feeds[0], file: 'also.txt', schedule: 'daily', format: 'pdf' },
        { ...whole.feeds[0], url: `ftp://${key}@lists.example/x` },
      ],
    }
    const { code, text } = run(checkConfig, faulty)
    expect(code).toBe(1)
    expect(text).not.toContain(key)
    expect(text).toMatchInlineSnapshot(`
      "The settings file "/settings.json" has 18 faults: organizations[0].id is "Acme Inc": name the organization in up to 40 lower-case letters, digits and hyphens;
        organizations[2].id is "acme": it is listed above, write it once;
        admins[0] is "slack:U1": it is listed above, write it once;
        admins[1] is "someone": write terminal, slack: or discord: and the id there, such as "slack:U024BE7LH";
        rules.foldMinutes is "0": write a whole number of minutes from 1 to 10080, without quotes;
        rules.openCards is "20": write a whole number of cards from 1 to 10, without quotes;
        rules.escalation[0].channel is "C1": write terminal, slack: or discord: and the id there, such as "slack:C024BE91L";
        rules.burstHop is no setting: write "burstHops" if that is meant;
        routes[0].channel is "slack": write terminal, slack: or discord: and the id there, such as "slack:C024BE91L";
        routes[1].topics is a list: "mixr" is no topic (Did you mean "mixer");
        routes[1].min is "much": "much" is not an amount: it has no plain number (Write a number and a unit, such as min:10ETH or min:"1.5k USDT");
        feeds[0].format is "pdf": write "ofac", "etherscan" or "hack-address";
        feeds[0].schedule is "daily": write a cron expression of five fields, such as "0 6 * * *";
        feeds[1].url is on the host "lists.example": write a whole URL such as https://lists.example/sanctions.txt;
        labels[0].file is empty: name a file;
        labels[0].date is "yesterday": write a day such as "2026-01-31";
        labels[0].confidence is "2": write how sure it is, from 0 to 1, without quotes;
        labels[0].staleAfterDays is "0": write a whole number of days from 1 to 36500, without quotes. Compare it with posse.config.example.json; nothing was started.
      "
    `)
  })
})

describe('posse config show', () => {
  test('default: what is in force as JSON, without a secret', () => {
    const { code, text } = run(showConfig, whole)
    expect(code).toBe(0)
    expect(text).not.toContain(key)
    const shown = JSON.parse(text)
    expect(shown.rules).toMatchObject({ foldMinutes: 5, dustPerMillion: '20', ackMinutes: 60 })
    expect(shown.house.members).toEqual([
      { account: 'slack:U1', name: 'Ann', role: 'lead', organization: 'acme' },
      { account: 'discord:42', name: 'discord:42', role: 'admin', organization: null },
      { account: 'terminal', name: 'terminal', role: 'admin', organization: null },
    ])
    expect(shown.house.routes[0]).toMatchObject({
      caseId: '*',
      topics: ['exchange', 'mixer', 'bridge', 'issuer', 'service', 'busy'],
      min: { number: '10', symbol: 'ETH' },
      layout: 'thread',
    })
    expect(shown.house.feeds[0].from.url).toContain('[secret]')
    expect(shown.labels[0].file).toMatch(/^file:\/\/.*\/own\.csv$/)
  })
})

describe('compareSettings', () => {
  const read = (changes: object) => readSettings(fileOf({ ...whole, ...changes }), env)

  test('default: the same settings change nothing', () => {
    expect(compareSettings(read({}), read({}))).toMatchObject({ changed: [], needsRestart: [] })
  })

  test('behavior: rules, people and routes count at once', () => {
    const next = read({ rules: { foldMinutes: 7, dustPerMillion: 20 }, admins: [], routes: [] })
    const { changed, needsRestart, rules, house } = compareSettings(read({}), next)
    expect(changed).toEqual(['rules', 'members', 'routes'])
    expect(needsRestart).toEqual([])
    expect(rules.foldMinutes).toBe(7)
    expect(house.members.map(({ account }) => account)).toEqual(['slack:U1', 'terminal'])
  })

  test('behavior: what ledgers and loops were made with waits for a restart', () => {
    const next = read({
      database: 'other',
      rules: { dustPerMillion: 99, busyStrangers: null },
      feeds: [],
    })
    const { needsRestart, rules, house } = compareSettings(read({}), next)
    expect(needsRestart).toEqual([
      'database',
      'feeds',
      'rules.dustPerMillion',
      'rules.busyStrangers',
    ])
    expect([rules.dustPerMillion, rules.busyStrangers]).toEqual([20n, 100])
    expect(house.feeds).toHaveLength(1)
  })
})
