import { z } from 'zod'
import { findCase } from '#src/case/findCase.ts'
import { caseOption } from '#src/command/caseOption.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { findFreeze, freezesFor } from '#src/freeze/actOnFreeze.ts'
import { countAnswers } from '#src/freeze/countAnswers.ts'
import { boardOf } from '#src/freeze/tellFreezes.ts'
import { organizationIn } from '#src/organization/listOrganizations.ts'
import { ownerOfCase } from '#src/sharing/audience.ts'
import { formatDuration } from '#utils/formatTime.ts'
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

const answers = defineCommand({
  name: 'freeze answers',
  description: 'Shows who asked whom, who answered and how fast, both ways; drills do not count.',
  role: 'viewer',
  options: z.object({}),
  example: '/posse freeze answers',
  run(context, _options, call) {
    const nameOf = (id: string | null) =>
      id === null ? 'the house' : (organizationIn(context, id)?.name ?? id)
    const rows = countAnswers(freezesFor(context, memberOf(call)), (freeze) =>
      ownerOfCase(context, freeze.caseId),
    )
    return {
      title: rows.length === 0 ? 'Nobody was asked yet; drills do not count.' : 'Who answers whom',
      sections: [
        {
          type: 'table',
          columns: [
            { name: 'asked by' },
            { name: 'asked' },
            { name: 'requests', align: 'right' },
            { name: 'answered', align: 'right' },
            { name: 'declined', align: 'right' },
            { name: 'median', align: 'right' },
          ],
          rows: rows.map(({ asker, asked, requests, answered, declined, medianSeconds }) => [
            nameOf(asker),
            nameOf(asked),
            String(requests),
            String(answered),
            String(declined),
            medianSeconds === null ? '' : formatDuration(medianSeconds),
          ]),
        },
      ],
    }
  },
})

export const freezeBoardCommands = [status, board, answers]
