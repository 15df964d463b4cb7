import { z } from 'zod'
import { findCase } from '#src/case/findCase.ts'
import { caseTag } from '#src/command/caseOption.ts'
import type { Context } from '#src/context.ts'
import { type Asker, defineCommand, memberOf } from '#src/defineCommand.ts'
import { actOnFreeze, checkAct, deskFor, findFreeze } from '#src/freeze/actOnFreeze.ts'
import type { FreezeAct } from '#src/freeze/moveFreeze.ts'
import { describeState, renderForDesk, renderForHouse } from '#src/freeze/renderFreeze.ts'
import { requestFreeze } from '#src/freeze/requestFreeze.ts'
import { assetOf, viewOf } from '#src/freeze/tellFreezes.ts'
import { findOrganization } from '#src/organization/listOrganizations.ts'
import { signedBy } from '#src/signedBy.ts'
import { codeOption } from '#src/stepup/codeOption.ts'
import { stepUp } from '#src/stepup/stepUp.ts'
import { declineReasons, type Freeze } from '#types/freeze.ts'
import type { Reply } from '#types/message.ts'
import { parseAddress } from '#utils/parseAddress.ts'
import { parseDuration } from '#utils/parseDuration.ts'
import { parseId } from '#utils/parseId.ts'
import { checkText, parseNote } from '#utils/parseNote.ts'
import { parseUnits } from '#utils/parseUnits.ts'

const secondsPerDay = 86_400

export const freezeOption = z
  .string()
  .max(20, { error: 'a freeze is named by eight digits' })
  .meta({ description: 'The freeze, by its eight digits.', complete: 'freeze' })

const amount = z.string().max(60, { error: 'write an amount or all' }).meta({
  description: 'How much, such as "70 ETH", or all.',
})

const span = (description: string) =>
  z.string().transform(parseDuration).optional().meta({ description, form: 'tag' })

const note = (description: string) =>
  z.string().transform(parseNote).optional().meta({ description, form: 'text' })

const request = defineCommand({
  name: 'freeze request',
  description: 'Drafts a request to hold what came to an address; a second person approves it.',
  role: 'responder',
  answersIn: 'channel',
  options: z.object({
    address: z.string().transform(parseAddress).meta({
      description: 'The address, as pasted.',
      complete: 'address',
    }),
    organization: z.string().transform(parseId).meta({
      description: 'Who is asked, by its id.',
      complete: 'organization',
    }),
    memo: z
      .string()
      .transform((text) => checkText(text, { what: 'a tag', maxCharacters: 80 }))
      .optional()
      .meta({ description: 'The tag or memo of the customer, where there is one.', form: 'tag' }),
    for: span('For how long it is asked: for:30d.'),
    tell: z
      .enum(['yes', 'no'])
      .default('no')
      .meta({ description: 'Whether the customer may be told.', form: 'tag' }),
    case: caseTag,
    note: note('How you know that the address is theirs.'),
  }),
  example: '/posse freeze request 0x47666fab8bd0ac7003bce3f5c3585383f09486e2 acme memo:470475839',
  async run(context, { address, organization, memo = null, note: why = '', ...given }, call) {
    const open = findCase(context, given.case)
    const { id } = findOrganization(context, organization)
    const member = memberOf(call)
    const by = signedBy(member, context.now())
    const days = Math.ceil(
      (given.for ?? context.rules.freeze.holdDays * secondsPerDay) / secondsPerDay,
    )
    const asked = { address, tag: memo, organization: id, days, note: why, by, member }
    const [first] = await requestFreeze(context, open, { ...asked, mayTell: given.tell === 'yes' })
    if (!first) throw new RangeError('What came to an address is asked for in some asset.')
    return { ...renderForHouse(first, viewOf(context, first)), visibility: 'channel' }
  },
})

const approve = defineCommand({
  name: 'freeze approve',
  description: 'Sends a draft to the organization that it asks, as a second person.',
  role: 'lead',
  options: z.object({ freeze: freezeOption }),
  example: '/posse freeze approve 1f2e3d4c',
  run: (context, { freeze }, call) =>
    act(context, call, freeze, (found) => ({ type: 'approve', desk: deskFor(context, found) })),
})

const withdraw = defineCommand({
  name: 'freeze withdraw',
  description: 'Takes a request back that nobody has answered yet; whoever got it is told.',
  role: 'responder',
  options: z.object({ freeze: freezeOption, why: note('Why.') }),
  example: '/posse freeze withdraw 1f2e3d4c another wallet was meant',
  run: (context, { freeze, why = '' }, call) =>
    act(context, call, freeze, () => ({ type: 'withdraw', note: why })),
})

const seen = defineCommand({
  name: 'freeze seen',
  description: 'Says that your desk has seen a request and looks at it.',
  role: 'responder',
  options: z.object({ freeze: freezeOption }),
  example: '/posse freeze seen 1f2e3d4c',
  run: (context, { freeze }, call) => act(context, call, freeze, () => ({ type: 'see' })),
})

const hold = defineCommand({
  name: 'freeze hold',
  description: 'Says that your organization holds all or a part of what is asked.',
  role: 'responder',
  options: z.object({
    freeze: freezeOption,
    amount,
    for: span('For how long: for:30d; as long as was asked if left out.'),
  }),
  example: '/posse freeze hold 1f2e3d4c "70 ETH" for:30d',
  run: (context, { freeze, amount: text, for: seconds }, call) =>
    act(context, call, freeze, (found) => ({
      type: 'hold',
      amount: amountIn(context, found, text),
      until: context.now() + (seconds ?? found.terms.days * secondsPerDay),
    })),
})

const durable = defineCommand({
  name: 'freeze durable',
  description: 'Says that a hold has no end any more, by an order for example.',
  role: 'responder',
  options: z.object({ freeze: freezeOption, note: note('By what: the number of the order.') }),
  example: '/posse freeze durable 1f2e3d4c order 26-cv-2327',
  run: (context, { freeze, note: why = '' }, call) =>
    act(context, call, freeze, () => ({ type: 'make durable', note: why })),
})

const decline = defineCommand({
  name: 'freeze decline',
  description: 'Says that your organization does not hold it, and why.',
  role: 'responder',
  options: z.object({
    freeze: freezeOption,
    reason: z.enum(declineReasons).meta({ description: 'Why not.' }),
    note: note('What the other side can do about it.'),
  }),
  example: '/posse freeze decline 1f2e3d4c needs-order of a court, by mail to legal',
  run: (context, { freeze, reason, note: why = '' }, call) =>
    act(context, call, freeze, () => ({ type: 'decline', reason, note: why })),
})

const release = defineCommand({
  name: 'freeze release',
  description: 'Lifts a hold; everybody who was told of it is told.',
  role: 'lead',
  answersIn: 'channel',
  options: z.object({ freeze: freezeOption, code: codeOption, why: note('Why.') }),
  example: '/posse freeze release 1f2e3d4c the customer has shown where it is from',
  async run(context, { freeze: id, code, why = '' }, call) {
    const member = memberOf(call)
    const release: FreezeAct = { type: 'release', note: why }
    const found = checkAct(context, { id, member, act: release })
    const text = `Releases the freeze ${found.id}: ${describeState(found, viewOf(context, found))}.`
    const heavy = { act: 'freeze release', subject: found.id, text, member, code }
    const cleared = await stepUp(context, heavy)
    return cleared.isCleared ? act(context, call, found.id, () => release) : cleared.reply
  },
})

const renew = defineCommand({
  name: 'freeze renew',
  description: 'Puts the end of a hold off.',
  role: 'responder',
  options: z.object({
    freeze: freezeOption,
    for: span('For how long from now: for:30d; as long as was asked if left out.'),
  }),
  example: '/posse freeze renew 1f2e3d4c for:30d',
  run: (context, { freeze, for: seconds }, call) =>
    act(context, call, freeze, (found) => ({
      type: 'renew',
      until: context.now() + (seconds ?? found.terms.days * secondsPerDay),
    })),
})

const giveBack = defineCommand({
  name: 'freeze return',
  description: 'Says that all or a part of what was held has been returned.',
  role: 'responder',
  options: z.object({ freeze: freezeOption, amount, note: note('To whom, by which payment.') }),
  example: '/posse freeze return 1f2e3d4c all',
  run: (context, { freeze, amount: text, note: why = '' }, call) =>
    act(context, call, freeze, (found) => ({
      type: 'return',
      amount: amountIn(context, found, text),
      note: why,
    })),
})

export const freezeCommands = [
  request,
  approve,
  withdraw,
  seen,
  hold,
  durable,
  decline,
  release,
  renew,
  giveBack,
]

/** Does it, and answers with the card as it is then. */
async function act(
  context: Context,
  call: Asker,
  id: string,
  what: (freeze: Freeze) => FreezeAct,
): Promise<Reply> {
  const member = memberOf(call)
  const moved = await actOnFreeze(context, { id, member, act: what })
  return showFreeze(context, call, moved)
}

/** The card as whoever asks has it: the desk's for the organization that is asked. */
export function showFreeze(context: Context, call: Asker, freeze: Freeze): Reply {
  const found = findFreeze(context, freeze.id, memberOf(call))
  const isDesk = memberOf(call).organization === found.organization
  return (isDesk ? renderForDesk : renderForHouse)(found, viewOf(context, found))
}

/** `null` is all of it. @throws InvalidAmountError */
function amountIn(context: Context, freeze: Freeze, text: string): bigint | null {
  return text.trim().toLowerCase() === 'all' ? null : parseUnits(text, assetOf(context, freeze))
}
