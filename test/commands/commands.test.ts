import { beforeEach, describe, expect, test } from 'vitest'
import { createRecordedChain } from '#adapters/chain/recorded/createRecordedChain.ts'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { commands } from '#commands/index.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import type { Context } from '#src/context.ts'
import { runChain } from '#src/runChain.ts'
import { runCommand } from '#src/runCommand.ts'
import { caseOf } from '#test/support/followRows.ts'
import { createTestContext } from '#test/support/testContext.ts'
import type { Label } from '#types/label.ts'

const ether = 10n ** 18n
const thief = `0x${'a1'.repeat(20)}`
const mule = `0x${'b2'.repeat(20)}`
const exchange = `0x${'c3'.repeat(20)}`
const stranger = `0x${'d4'.repeat(20)}`

const label = (changes: Partial<Label>): Label => ({
  address: exchange,
  name: 'Exchange 1',
  kind: 'exchange',
  source: 'a list',
  date: '2024-06-17',
  confidence: 0.9,
  isStale: true,
  ...changes,
})
const labels = new Map([
  [exchange, [label({}), label({ kind: 'sanctioned', name: 'Somebody else', source: 'a rival' })]],
  [stranger, [label({ address: stranger, kind: 'other', name: '\u202e@everyone\u001b[2J' })]],
])

let context: Context
let log: string[]
let deliver: () => Promise<void>

beforeEach(async () => {
  const theft = caseOf([{ address: thief, amount: 100n * ether }])
  const other = { ...theft, id: 'other', name: 'Another theft', sources: [], published: [] }
  const made = await createTestContext({ cases: [theft, other], labels })
  ;({ context, log, deliver } = made)
  const rows = [
    payment(1, stranger, thief, 10n),
    payment(2, thief, mule, 40n),
    payment(3, mule, exchange, 25n),
  ]
  const reader = createRecordedChain(rows, { chain: ethereum.id })
  const signal = new AbortController().signal
  await runChain(context, reader, { cases: made.opened.slice(0, 1), signal })
})

function payment(block: number, from: string, to: string, amount: bigint) {
  const asset = ethereum.native.id
  const transfers = [{ position: 'v', from, to, asset, amount: amount * ether }]
  const fee = { from, asset, amount: ether / 1000n }
  const hash = `0x${String(block).repeat(64)}`
  return {
    block,
    index: 0,
    time: 1_700_000_000 + block * 600,
    transaction: { hash, transfers, fee },
  }
}

const user = { id: 'terminal', name: 'Ann' }

async function say(text: string): Promise<string> {
  const reply = await runCommand(context, commands, { text, user, channel: 'memory' })
  return renderText(reply, { width: 120, colours: false, timeZone: 'UTC' })
}

describe('commands', () => {
  test('help lists every command, and an empty line asks for it', async () => {
    expect(await say('')).toBe(await say('help'))
    expect(await say('help')).toMatchInlineSnapshot(`
      "Posse follows stolen funds
        command                    what it does
        ─────────────────────────  ────────────────────────────────────────────────────────────────────────────────────────
        /posse lookup              Says what is known of addresses and transactions: labels, cases, stolen value there.
        /posse trail               Shows where the stolen value of a case is now, the largest first.
        /posse status              Sums up a case: where everything stolen is, to 100 %.
        /posse ack                 Says that you look after an alert; it lapses unless renewed.
        /posse dismiss             Says that an alert is not relevant: it calls nobody any more.
        /posse alerts              Lists the red alerts that nobody looks after, and who looks after the others.
        /posse silence             Keeps alerts from being posted for a while; they are recorded and counted.
        /posse silences            Lists what is silenced, by whom, until when and why.
        /posse unsilence           Ends a silence before its time.
        /posse flag                Says what an address is; it counts from the theft on, and cases are worked out again.
        /posse unflag              Takes back your flags of an address, a lead of the house everybody’s; the history stays.
        /posse freeze request      Drafts a request to hold what came to an address; a second person approves it.
        /posse freeze approve      Sends a draft to the organization that it asks, as a second person.
        /posse freeze withdraw     Takes a request back that nobody has answered yet; whoever got it is told.
        /posse freeze seen         Says that your desk has seen a request and looks at it.
        /posse freeze hold         Says that your organization holds all or a part of what is asked.
        /posse freeze durable      Says that a hold has no end any more, by an order for example.
        /posse freeze decline      Says that your organization does not hold it, and why.
        /posse freeze release      Lifts a hold; everybody who was told of it is told.
        /posse freeze renew        Puts the end of a hold off.
        /posse freeze return       Says that all or a part of what was held has been returned.
        /posse freeze status       Shows how a request stands, and who did what when.
        /posse freeze board        Shows all requests of a case: asked, held, declined, returned.
        /posse freeze answers      Shows who asked whom, who answered and how fast, both ways; drills do not count.
        /posse evidence            Makes a packet that shows how stolen value came to an address, to be re-run by anybody.
        /posse dispute open        Says that a label, a payment on the trail or a freeze is wrong; cards show it.
        /posse dispute withdraw    Takes your opinion back.
        /posse dispute decide      Decides a dispute: what is upheld is corrected in every channel that was told.
        /posse dispute list        Shows what is disputed, opinions side by side.
        /posse correct             Changes how sure your flag of an address is; whoever was told is told.
        /posse org add             Adds an organization, or changes what is given of one.
        /posse org verify          Verifies an organization: shows what its key must sign, then takes the signature.
        /posse org show            Shows what is known of an organization, and what its desk requires.
        /posse org list            Lists the organizations, and which are verified.
        /posse org contacts        Shows whom to call at an organization; adds, confirms or takes out somebody.
        /posse org roster          Shows who is on duty when; sets the hours of somebody, or takes them out.
        /posse org oncall          Says who is on duty now, everywhere or at one organization.
        /posse note                Writes a note into the timeline of a case.
        /posse sitrep              Says how a case stands: conditions, actions, needs.
        /posse post take           Takes a post in a case: lead, scribe or liaison.
        /posse post give           Hands a post over to somebody, with a word to them.
        /posse timeline            Shows what happened in a case and who decided what, the newest first.
        /posse subscribe           Says what this channel wants to hear of a case; it replaces what it said before.
        /posse unsubscribe         Takes back what this channel said it wants to hear of a case.
        /posse subscriptions       Shows what this channel hears, with every filter that is in force.
        /posse subscriptions test  Sends a message to this channel on the way that alerts take.
        /posse settings            Shows or sets how this channel wants its messages.
        /posse case open           Opens a case and follows what was stolen from there on.
        /posse case list           Lists the cases, the open ones first.
        /posse case show           Shows what a case is made of, and where everything is.
        /posse case close          Stops following a case; all of it stays and can be looked up.
        /posse case reopen         Follows a closed case again, from where it was left.
        /posse case addresses      Gives every address of a case as a signed file, to match with your own in private.
        /posse mark case           Says who may see a case; it is taken out of channels that may not any more.
        /posse mark flag           Says who may see a flag; it counts where all who see the case may see it.
        /posse mark show           Lists which cases and flags are marked, and for whom.
        /posse channel bind        Says whose channel this is: it hears and shows what that organization may see.
        /posse labels list         Lists the feeds of labels, how old they are and what waits for a review.
        /posse labels review       Shows what is new in a feed before it counts.
        /posse labels accept       Puts what is new in a feed in force; cases whose trail it changes are worked out again.
        /posse labels reject       Drops what is new in a feed; what was in force stays.
        /posse member list         Lists who may do what here.
        /posse member grant        Gives an account a role, each including the ones before: viewer, responder, lead, admin.
        /posse member revoke       Takes the role of an account away.
        /posse whois               Says who an account belongs to, and for which organization.
        /posse access request      Asks the people who run Posse to let you in.
        /posse access list         Lists who asks to be let in.
        /posse access approve      Lets somebody in who has asked; an account of a member gets the role of that member.
        /posse access decline      Turns somebody down who has asked; they may ask again.
        /posse totp enroll         Gives you a secret for an authenticator app, for acts that take a code.
        /posse totp confirm        Confirms the secret of your authenticator with a code of it.
        /posse audit               Shows who asked for what, and how it ended, the newest first.
        /posse rhythm              Shows when the thieves work and rest, and how long value stays where it is.
        /posse settle              Says which payment came out of a bridge that names nothing itself; it is followed then.
        /posse help                Says what can be asked and how.

        Options and an example of one: /posse help NAME"
    `)
  })

  test('help explains one', async () => {
    expect(await say('help lookup')).toMatchInlineSnapshot(`
      "/posse lookup SUBJECT...
        Says what is known of addresses and transactions: labels, cases, stolen value there.

        SUBJECTS  Addresses, transactions or links to either, one or many, as pasted.
        Who       viewers and above
        Example   /posse lookup 0x098b716b8aaf21512996dc57eb0615e2383e2f96"
    `)
  })

  test('lookup shows conflicting labels side by side, with source, date, confidence and age', async () => {
    expect(await say(`lookup ${exchange}`)).toMatchInlineSnapshot(`
      "0xc3c3c3c3c3c3c3c3c3C3C3c3C3C3C3c3C3C3c3c3
        Label        Exchange 1 (exchange), 90 % sure; a list, 2024-06-17, stale
        Label        Somebody else (sanctioned), 90 % sure; a rival, 2024-06-17, stale
        Case         Test theft (test)
        Role         exchange: the trail ends here
        Stolen now   25 ETH, 25 % of the case
        Certainty    between 15 ETH (clean-first) and 25 ETH (taint-first): other money is mixed in
        Reached      2023-11-14 22:43:20 UTC, hop 2, 30 min after the theft
        Last active  2023-11-14 22:43:20 UTC
        Way there    0xA1A1a1a1A1A1A1A1A1a1a1a1a1a1A1A1a1A1a1a1 → 0xb2b2b2b2b2B2b2B2B2b2b2B2B2b2B2B2b2b2b2b2 →
                     0xc3c3c3c3c3c3c3c3c3C3C3c3C3C3C3c3C3C3c3c3
        Came in      25 ETH stolen of 25 ETH, 0xb2b2b2b2b2B2b2B2B2b2b2B2B2b2B2B2b2b2b2b2 →
                     0xc3c3c3c3c3c3c3c3c3C3C3c3C3C3C3c3C3C3c3c3 Exchange 1 (exchange), 2023-11-14 22:43:20 UTC, hop 2"
    `)
  })

  test('lookup takes many, says unknown where it does not know, and disarms what strangers wrote', async () => {
    const answer = await say(`lookup ${mule}, ${stranger}`)
    expect(answer).not.toContain('\u001b')
    expect(answer).not.toContain('\u202e')
    expect(answer).toMatchInlineSnapshot(`
      "2 addresses
        Address      0xb2b2b2b2b2B2b2B2B2b2b2B2B2b2B2B2b2b2b2b2
        Label        none known
        Case         Test theft (test)
        Role         on the trail
        Stolen now   14.999 ETH, 14.99 % of the case
        Certainty    certain: fifo, taint-first, clean-first agree
        Reached      2023-11-14 22:33:20 UTC, hop 1, 20 min after the theft
        Last active  2023-11-14 22:43:20 UTC
        Way there    0xA1A1a1a1A1A1A1A1A1a1a1a1a1a1A1A1a1A1a1a1 → 0xb2b2b2b2b2B2b2B2B2b2b2B2B2b2B2B2b2b2b2b2
        Went out     25 ETH stolen of 25 ETH, 0xb2b2b2b2b2B2b2B2B2b2b2B2B2b2B2B2b2b2b2b2 →
                     0xc3c3c3c3c3c3c3c3c3C3C3c3C3C3C3c3C3C3c3c3 Exchange 1 (exchange), 2023-11-14 22:43:20 UTC, hop 2
        Came in      40 ETH stolen of 40 ETH, 0xA1A1a1a1A1A1A1A1A1a1a1a1a1a1A1A1a1A1a1a1 →
                     0xb2b2b2b2b2B2b2B2B2b2b2B2B2b2B2B2b2b2b2b2, 2023-11-14 22:33:20 UTC, hop 1

        Address  0xd4d4d4D4D4d4d4d4d4D4d4D4d4d4d4d4d4d4D4d4
        Label    �@everyone�[2J (other), 90 % sure; a list, 2024-06-17, stale
        Case     on the trail of no open case"
    `)
  })

  test('lookup of a source', async () => {
    expect(await say(`lookup ${thief.toUpperCase().replace('X', 'x')}`)).toMatchInlineSnapshot(`
      "0xA1A1a1a1A1A1A1A1A1a1a1a1a1a1A1A1a1A1a1a1
        Label        none known
        Case         Test theft (test)
        Role         source of the case
        Stolen now   59.999 ETH, 59.99 % of the case
        Certainty    between 59.999 ETH (fifo) and 69.999 ETH (clean-first): other money is mixed in
        Reached      by the theft itself
        Last active  2023-11-14 22:33:20 UTC
        Went out     40 ETH stolen of 40 ETH, 0xA1A1a1a1A1A1A1A1A1a1a1a1a1a1A1A1a1A1a1a1 →
                     0xb2b2b2b2b2B2b2B2B2b2b2B2B2b2B2B2b2b2b2b2, 2023-11-14 22:33:20 UTC, hop 1"
    `)
  })

  test('trail lists the largest first', async () => {
    expect(await say('trail')).toMatchInlineSnapshot(`
      "Test theft: the trail by fifo
           ETH    share  hops  address                                     label
        ──────  ───────  ────  ──────────────────────────────────────────  ─────────────────────
        59.999  59.99 %     0  0xA1A1a1a1A1A1A1A1A1a1a1a1a1a1A1A1a1A1a1a1
            25     25 %     2  0xc3c3c3c3c3c3c3c3c3C3C3c3C3C3C3c3C3C3c3c3  Exchange 1 (exchange)
        14.999  14.99 %     1  0xb2b2b2b2b2B2b2B2B2b2b2B2B2b2B2B2b2b2b2b2"
    `)
  })

  test('trail works out another policy and says how far that reaches', async () => {
    expect(await say('trail test haircut')).toMatchInlineSnapshot(`
      "Test theft: the trail by haircut
                          ETH    share  hops  address                                     label
        ─────────────────────  ───────  ────  ──────────────────────────────────────────  ─────────────────────
        63.635454545454545455  63.63 %     0  0xA1A1a1a1A1A1A1A1A1a1a1a1a1a1A1A1a1A1a1a1
        22.727272727272727272  22.72 %     2  0xc3c3c3c3c3c3c3c3c3C3C3c3C3C3C3c3C3C3c3c3  Exchange 1 (exchange)
        13.635454545454545455  13.63 %     1  0xb2b2b2b2b2B2b2B2B2b2b2B2B2b2B2B2b2b2b2b2

        Worked out by haircut within the watched set: it ends where nobody was watched."
    `)
  })

  test('status says which messages have not arrived', async () => {
    expect(await say('status test')).toMatch(/Messages {4}\d+ waiting to be delivered/)
    await deliver()
    expect(await say('status test')).not.toContain('Messages')
  })

  test('status sums to 100 % and names its rule and block', async () => {
    await deliver()
    expect(await say('status')).toMatchInlineSnapshot(`
      "Test theft: status
        where            ETH     share  addresses
        ────────────  ──────  ────────  ─────────  ───────────────
        moving        74.998   75.00 %          2  ███████████████
        at exchanges      25   25.00 %          1  █████
        fees           0.002    0.00 %
        stolen           100  100.00 %

        Rule        fifo; the trail stops at labelled exchanges, mixers, bridges, DEXes, issuers and services
        Dust floor  0 ETH
        Parking     off
        As of       block 3, 2023-11-14 22:43:20 UTC"
    `)
  })

  test('status of a case that is not followed yet', async () => {
    expect(await say('status other')).toContain('the theft; not followed yet')
  })

  test.each([
    ['a mistyped command', 'lokup 0x1'],
    ['an unknown command', 'xyzzy'],
    ['an option is missing', 'lookup'],
    ['a malformed address', 'lookup 0x12'],
    ['a checksum mismatch', 'lookup 0x098b716B8Aaf21512996dC57EB0615e2383E2f96'],
    ['an unknown case', 'trail nowhere'],
    ['an unknown policy', 'trail test first'],
    ['a word too many', 'trail test fifo now'],
    ['help with a mistyped command', 'help lokup'],
    ['a line of 50,000 characters', `lookup ${'0x1 '.repeat(12_500)}`],
    ['characters that would clear the screen', '\u001b[2J\u202e'],
  ])('error: %s', async (_name, text) => {
    const before = structuredClone([...context.cases.values()].map(({ trail }) => trail))
    expect(await say(text)).toMatchSnapshot()
    expect([...context.cases.values()].map(({ trail }) => trail)).toEqual(before)
  })

  test('error: a fault of ours is an apology with a reference that stands in the log', async () => {
    const broken = { ...context, cases: null as unknown as Context['cases'] }
    broken.whole = broken
    const reply = await runCommand(broken, commands, {
      text: 'status',
      user,
      channel: 'memory',
    })
    const answer = renderText(reply, { width: 120, colours: false, timeZone: 'UTC' })
    expect(answer).toContain('Something went wrong')
    const reference = /reference ([0-9a-f]{8})/.exec(answer)?.[1] ?? 'none'
    expect(log.join()).toContain(reference)
    expect(log.join()).toContain('"type":"TypeError"')
    expect(answer).not.toContain('TypeError')
  })
})
