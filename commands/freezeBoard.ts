import { z } from 'zod'
import { findCase } from '#src/case/findCase.ts'
import { caseOption } from '#src/command/caseOption.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { findFreeze, freezesFor } from '#src/freeze/actOnFreeze.ts'
import { boardOf } from '#src/freeze/tellFreezes.ts'
import { freezeOption, showFreeze } from './freeze.ts'

const status = defineCommand({
  name: 'freeze status',
  description: 'Shows how a request stands, and who did what when.',
  role: 'viewer',
  options: z.object({ freeze: freezeOption }),
  example: '/posse freeze status 1f2e3d4c',
  run(context, { freeze: id }, call) {
    const freeze = findFreeze(context, id, memberOf(call))
    const card = showFreeze(context, call, freeze)
    return {
      ...card,
      sections: [
        ...card.sections,
        {
          type: 'table',
          columns: [{ name: 'when' }, { name: 'what' }, { name: 'who' }, { name: 'note' }],
          rows: freeze.history.map(({ at, what, by, note }) => [
            { time: at },
            what,
            by ? [by.name, by.organization ? ` (${by.organization})` : ''] : 'Posse',
            note,
          ]),
        },
      ],
    }
  },
})

const board = defineCommand({
  name: 'freeze board',
  description: 'Shows all requests of a case: asked, held, declined, returned.',
  role: 'viewer',
  options: z.object({ case: caseOption }),
  example: '/posse freeze board acme',
  run(context, { case: caseId }, call) {
    const { id } = findCase(context, caseId).case
    const own = freezesFor(context, memberOf(call)).filter((freeze) => freeze.caseId === id)
    return boardOf(context, id, own)
  },
})

export const freezeBoardCommands = [status, board]
