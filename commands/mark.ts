import { z } from 'zod'
import { findCase } from '#src/case/findCase.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import {
  describeMark,
  markCase as mark,
  markFlag as markOpinion,
} from '#src/sharing/markSubject.ts'
import { signedBy } from '#src/signedBy.ts'
import { tlpMarks } from '#types/tlp.ts'
import { countOf } from '#utils/countOf.ts'

const tlp = z.enum(tlpMarks).meta({
  description: 'RED: those named alone; AMBER: their organizations; GREEN, CLEAR: the house.',
})

const named = z.array(z.string()).optional().meta({
  description: 'Organizations by their ids, under RED accounts too; whose it is sees it anyway.',
  complete: 'organization',
})

const markCase = defineCommand({
  name: 'mark case',
  description: 'Says who may see a case; it is taken out of channels that may not any more.',
  role: 'lead',
  options: z.object({
    case: z.string().meta({ description: 'The case.', complete: 'case' }),
    tlp,
    named,
  }),
  example: '/posse mark case ronin AMBER acme',
  async run(context, { case: id, tlp: wanted, named: names = [] }, call) {
    const { name, id: caseId } = findCase(context, id).case
    const lead = memberOf(call)
    const by = signedBy(lead, context.now())
    const made = await mark(context, { caseId, tlp: wanted, named: namesOf(names), by, lead })
    return { title: [{ strong: name }, ` is ${describeMark(made)} now`], sections: [] }
  },
})

const markFlag = defineCommand({
  name: 'mark flag',
  description: 'Says who may see a flag; it counts where all who see the case may see it.',
  role: 'lead',
  options: z.object({
    flag: z.string().meta({ description: 'Its digits.', complete: 'flag' }),
    tlp,
    named,
  }),
  example: '/posse mark flag 3f9c2a71 RED acme',
  async run(context, { flag, tlp: wanted, named: names = [] }, call) {
    const lead = memberOf(call)
    const by = signedBy(lead, context.now())
    const id = flag.toLowerCase()
    const made = await markOpinion(context, { id, tlp: wanted, named: namesOf(names), by, lead })
    return { title: ['The flag ', { code: id }, ` is ${describeMark(made)} now`], sections: [] }
  },
})

const show = defineCommand({
  name: 'mark show',
  description: 'Lists which cases and flags are marked, and for whom.',
  role: 'lead',
  options: z.object({}),
  example: '/posse mark show',
  run({ standing, rules }) {
    const marks = [...standing.mark.values()].sort((a, b) => (a.subject < b.subject ? -1 : 1))
    return {
      title: `${countOf(marks.length, 'mark')}; all else is TLP:${rules.tlp}`,
      sections: [
        {
          type: 'table',
          columns: [{ name: 'what' }, { name: 'mark' }, { name: 'for' }, { name: 'by' }],
          rows: marks.map((each) => [
            { code: each.subject.replace(':', ' ') },
            each.tlp,
            each.named.join(', '),
            each.by.name,
          ]),
        },
      ],
    }
  },
})

export const markCommands = [markCase, markFlag, show]

/** Ids of organizations are lower case, accounts are as the platform writes them. */
function namesOf(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => (name.includes(':') ? name : name.toLowerCase())))]
}
