import { z } from 'zod'
import { NotAClaimError } from '#errors/dispute.ts'
import { InvalidSubjectError } from '#errors/input.ts'
import { findCase } from '#src/case/findCase.ts'
import { caseTag } from '#src/command/caseOption.ts'
import type { Context } from '#src/context.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { describeDispute, nameSubject } from '#src/dispute/disputesOn.ts'
import { followUpheld } from '#src/dispute/followUpheld.ts'
import {
  type Disputed,
  decideDispute,
  disputeToDecide,
  raiseDispute,
  withdrawDispute,
} from '#src/dispute/moveDispute.ts'
import { signedBy } from '#src/signedBy.ts'
import { codeOption } from '#src/stepup/codeOption.ts'
import { stepUp } from '#src/stepup/stepUp.ts'
import { type Dispute, disputeVerdicts } from '#types/dispute.ts'
import type { Reply } from '#types/message.ts'
import { flagKinds } from '#types/standing.ts'
import { parseNote } from '#utils/parseNote.ts'
import { parseSubject } from '#utils/parseSubject.ts'

const id = z
  .string()
  .max(20, { error: 'a dispute is named by eight digits' })
  .meta({ description: 'The dispute, by its eight digits.' })

const why = z.string().transform(parseNote).optional().meta({ description: 'Why.', form: 'text' })

const raise = defineCommand({
  name: 'dispute open',
  description: 'Says that a label, a payment on the trail or a freeze is wrong; cards show it.',
  role: 'responder',
  options: z.object({
    subject: z.string().transform(parseDisputed).meta({
      description: 'An address, a transaction, or a freeze by its eight digits.',
      complete: 'address',
    }),
    case: caseTag,
    reason: z.string().transform(parseNote).meta({ description: 'What is wrong.', form: 'text' }),
  }),
  example: '/posse dispute open 1f2e3d4c it is the wallet of a customer who was paid for goods',
  async run(context, { subject: what, case: caseId, reason }, call) {
    const member = memberOf(call)
    const by = signedBy(member, context.now())
    const dispute = await raiseDispute(context, { what, caseId, reason, member, by })
    return show(dispute, 'Disputed: ')
  },
})

const withdraw = defineCommand({
  name: 'dispute withdraw',
  description: 'Takes your opinion back.',
  role: 'responder',
  options: z.object({ dispute: id, why }),
  example: '/posse dispute withdraw 1f2e3d4c we looked again',
  async run(context, { dispute, why: note = '' }, call) {
    const by = signedBy(memberOf(call), context.now())
    return show(
      await withdrawDispute(context, { id: dispute, note, by }),
      'No longer disputed by you: ',
    )
  },
})

const rule = defineCommand({
  name: 'dispute decide',
  description: 'Decides a dispute: what is upheld is corrected in every channel that was told.',
  role: 'lead',
  options: z.object({
    dispute: id,
    verdict: z.enum(disputeVerdicts).meta({ description: 'Whether the dispute is right.' }),
    as: z.enum(flagKinds).optional().meta({
      description: 'What a disputed address is instead: as:customer.',
      form: 'tag',
    }),
    code: codeOption,
    why,
  }),
  example: '/posse dispute decide 1f2e3d4c upheld as:customer they have shown the invoice',
  async run(context, { dispute: given, verdict, as, code, why: note = '' }, call) {
    const member = memberOf(call)
    const found = disputeToDecide(context, given, member)
    const by = signedBy(member, context.now())
    const text = `Decides that the dispute of ${nameSubject(found.subject)} is ${verdict}.`
    const heavy = { act: 'dispute decide', subject: found.id, text, member, code }
    const asked = {
      given: [verdict, as ?? null, note],
      command: `dispute decide ${found.id} ${verdict}`,
    }
    const follow =
      verdict === 'upheld' ? followUpheld(context, found, { member, by, as, note }) : null
    const cleared = await stepUp(context, { ...heavy, ...asked })
    if (!cleared.isCleared) return cleared.reply
    await follow?.()
    const done = await decideDispute(context, { id: found.id, verdict, note, by })
    return show(done, `Decided, ${verdict}: `)
  },
})

const list = defineCommand({
  name: 'dispute list',
  description: 'Shows what is disputed, opinions side by side.',
  role: 'viewer',
  options: z.object({ case: caseTag }),
  example: '/posse dispute list',
  run(context, { case: caseId }, call) {
    const open = caseId === undefined ? null : findCase(context, caseId)
    const known = disputesFor(context, memberOf(call).organization).filter(
      (each) => open === null || each.caseId === open.case.id,
    )
    return {
      title: known.length === 0 ? 'Nothing is disputed.' : 'Disputed',
      sections: known.map((each) => ({ type: 'fields', fields: fieldsOf(each) })),
    }
  },
})

export const disputeCommands = [raise, withdraw, rule, list]

/** A freeze by its digits, else an address or a transaction. @throws UserError */
function parseDisputed(text: string): Disputed {
  if (/^[0-9a-f]{4,8}$/i.test(text)) return { freeze: text.toLowerCase() }
  try {
    return parseSubject(text)
  } catch (error) {
    throw error instanceof InvalidSubjectError ? new NotAClaimError({ text }) : error
  }
}

/** What one organization disputes of its own freezes is none of another's business. */
function disputesFor({ standing }: Context, organization: string | null): Dispute[] {
  return [...standing.dispute.values()].filter(({ subject, opinions, decision }) => {
    if (decision !== null) return false
    if (subject.kind !== 'freeze' || organization === null) return true
    const asked = standing.freeze.get(subject.freeze)?.organization
    return asked === organization || opinions.some(({ by }) => by.organization === organization)
  })
}

function show(dispute: Dispute, verb: string): Reply {
  return {
    title: `${verb}${nameSubject(dispute.subject)}`,
    sections: [{ type: 'fields', fields: fieldsOf(dispute) }],
  }
}

function fieldsOf(dispute: Dispute) {
  return [
    { name: 'Dispute', value: { code: dispute.id } },
    { name: 'Case', value: dispute.caseId },
    ...describeDispute(dispute).map((value) => ({ name: 'Opinion', value })),
  ]
}
