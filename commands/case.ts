import { z } from 'zod'
import { InvalidSourcesError } from '#errors/input.ts'
import { closeCase, reopenCase } from '#src/case/closeCase.ts'
import { describeBooks } from '#src/case/describeBooks.ts'
import { findCase } from '#src/case/findCase.ts'
import { isOpen } from '#src/case/openCases.ts'
import { startCase } from '#src/case/startCase.ts'
import { bindCase } from '#src/channel/bindCase.ts'
import { caseOption } from '#src/command/caseOption.ts'
import { findChain } from '#src/command/findChain.ts'
import { parseSources } from '#src/command/parseSources.ts'
import { tlpOption } from '#src/command/tlpOption.ts'
import type { Context } from '#src/context.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { markFields } from '#src/sharing/markMessage.ts'
import { signedBy } from '#src/signedBy.ts'
import type { Chain } from '#types/chain.ts'
import type { Text } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import { countOf } from '#utils/countOf.ts'
import { formatAmount } from '#utils/formatAmount.ts'
import { showAddress } from '#utils/parseAddress.ts'
import { parseName } from '#utils/parseName.ts'
import { parseNote } from '#utils/parseNote.ts'

/** Time that a node has to say where a theft happened, in milliseconds. */
const patienceMs = 20_000

const open = defineCommand({
  name: 'case open',
  description: 'Opens a case and follows what was stolen from there on.',
  role: 'lead',
  answersIn: 'channel',
  options: z.object({
    name: z
      .string()
      .transform(parseName)
      .meta({ description: 'What people call it; in quotes if it has spaces.' }),
    sources: z.string().meta({
      description:
        'Who holds what was stolen: ADDRESS=AMOUNT, and @TX behind it for the transaction of the theft; several one after the other.',
      form: 'text',
    }),
    chain: z.string().optional().meta({
      description: 'The chain, such as eip155:1; may be left out where one is followed.',
      form: 'tag',
      complete: 'chain',
    }),
    in: z
      .enum(['here', 'thread', 'channel'])
      .default('here')
      .meta({ description: 'Where its alerts go: here, or into a room made for it.', form: 'tag' }),
    tlp: tlpOption,
    drill: z
      .enum(['yes', 'no'])
      .default('no')
      .meta({ description: 'An exercise: marked everywhere, and in no figures.', form: 'tag' }),
  }),
  example:
    '/posse case open "Acme hot wallet" 0x47666fab8bd0ac7003bce3f5c3585383f09486e2=401346.5ETH',
  async run(context, { name, sources: text, chain: chainId, in: kind, tlp, drill }, call) {
    const chain = findChain(context, chainId)
    const sources = parseSources(text, chain)
    if (sources.length === 0) throw new InvalidSourcesError({ text })
    const by = signedBy(memberOf(call), context.now())
    const signal = AbortSignal.timeout(patienceMs)
    const opened = await startCase(context, {
      ...{ name, chain, sources, by, signal, tlp },
      isDrill: drill === 'yes',
    })
    return {
      title: ['Opened ', { strong: opened.case.name }, ` as ${opened.case.id}`],
      // Not in a channel that may not see it.
      visibility: context.cases.has(opened.case.id) ? 'channel' : 'private',
      sections: [
        { type: 'fields', fields: describeCase(context, opened, chain) },
        {
          type: 'fields',
          fields: [
            await bindCase(context, opened, {
              kind,
              channel: call.channel,
              by,
              member: memberOf(call),
            }),
          ],
        },
      ],
    }
  },
})

const list = defineCommand({
  name: 'case list',
  description: 'Lists the cases, the open ones first.',
  role: 'viewer',
  options: z.object({}),
  example: '/posse case list',
  run(context) {
    const cases = [...context.cases.values()].sort(
      (a, b) => Number(isOpen(context, b.case.id)) - Number(isOpen(context, a.case.id)),
    )
    return {
      title: cases.length === 0 ? 'No case is open' : countOf(cases.length, 'case'),
      sections: [
        {
          type: 'table',
          columns: [
            { name: 'case' },
            { name: 'name' },
            { name: 'stolen', align: 'right' },
            { name: 'theft' },
            { name: 'state' },
            { name: 'block', align: 'right' },
          ],
          rows: cases.map((each) => [
            { code: each.case.id },
            each.case.name,
            stolenIn(each),
            { time: each.case.stolenAt },
            isOpen(context, each.case.id) ? 'open' : 'closed',
            each.head ? String(each.head.number) : '',
          ]),
        },
      ],
    }
  },
})

const show = defineCommand({
  name: 'case show',
  description: 'Shows what a case is made of, and where everything is.',
  role: 'viewer',
  options: z.object({ case: caseOption }),
  example: '/posse case show ronin',
  run(context, { case: id }) {
    const found = findCase(context, id)
    const chain = context.chains.get(found.case.chain)
    return {
      title: [{ strong: found.case.name }, ` (${found.case.id})`],
      sections: [
        { type: 'fields', fields: chain ? describeCase(context, found, chain) : [] },
        ...describeBooks(found),
      ],
    }
  },
})

const close = defineCommand({
  name: 'case close',
  description: 'Stops following a case; all of it stays and can be looked up.',
  role: 'lead',
  answersIn: 'channel',
  options: z.object({
    case: z.string().meta({ description: 'The case.', complete: 'case' }),
    why: z
      .string()
      .transform(parseNote)
      .optional()
      .meta({ description: 'Why, for the timeline.', form: 'text' }),
  }),
  example: '/posse case close acme everything was returned',
  async run(context, { case: id, why = '' }, call) {
    const found = findCase(context, id)
    await closeCase(context, found, { by: signedBy(memberOf(call), context.now()), why })
    return {
      title: ['Closed ', { strong: found.case.name }],
      visibility: 'channel',
      sections: [
        ...describeBooks(found),
        {
          type: 'text',
          text: ['Follow it again: ', { code: `/posse case reopen ${found.case.id}` }],
        },
      ],
    }
  },
})

const reopen = defineCommand({
  name: 'case reopen',
  description: 'Follows a closed case again, from where it was left.',
  role: 'lead',
  answersIn: 'channel',
  options: z.object({ case: z.string().meta({ description: 'The case.', complete: 'case' }) }),
  example: '/posse case reopen acme',
  async run(context, { case: id }, call) {
    const found = findCase(context, id)
    await reopenCase(context, found, { by: signedBy(memberOf(call), context.now()) })
    const from = found.head ? `block ${found.head.number}` : 'the theft'
    return {
      title: ['Reopened ', { strong: found.case.name }],
      visibility: 'channel',
      sections: [{ type: 'text', text: `It is followed on from ${from}.` }],
    }
  },
})

export const caseCommands = [open, list, show, close, reopen]

function stolenIn({ case: { assets }, trail }: OpenCase): string {
  return assets
    .map((asset) => ({ asset, stolen: trail.ledgers.get(asset.id)?.stolen ?? 0n }))
    .filter(({ stolen }) => stolen > 0n)
    .map(({ asset, stolen }) => formatAmount(stolen, asset))
    .join(', ')
}

function describeCase(
  context: Context,
  found: OpenCase,
  chain: Chain,
): { name: string; value: Text }[] {
  const { id, sources, assets, stolenAt, followAfter } = found.case
  const file = context.standing.case.get(id)
  const opened = file ? `${file.state}, by ${file.by.name}` : 'open, from the settings'
  return [
    { name: 'State', value: opened },
    ...markFields(context, id),
    { name: 'Chain', value: `${chain.name} (${chain.id})` },
    { name: 'Theft', value: { time: stolenAt } },
    ...(followAfter === undefined
      ? []
      : [{ name: 'Followed', value: `from the end of block ${followAfter} on` }]),
    ...sources.map(({ address, asset, amount }) => {
      const known = assets.find((each) => each.id === asset)
      const held = known ? ` ${formatAmount(amount, known)}` : ''
      return { name: 'Source', value: [{ code: showAddress(address) }, held] }
    }),
  ]
}
