import { z } from 'zod'
import { findCase } from '#src/case/findCase.ts'
import { caseOption } from '#src/command/caseOption.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { collectSitrep } from '#src/duty/collectSitrep.ts'
import { renderSitrep } from '#src/duty/renderSitrep.ts'

export const sitrep = defineCommand({
  name: 'sitrep',
  description: 'Says how a case stands: conditions, actions, needs.',
  role: 'viewer',
  options: z.object({ case: caseOption }),
  example: '/posse sitrep ronin',
  run: async (context, { case: caseId }, call) => ({
    ...renderSitrep(await collectSitrep(context, findCase(context, caseId), memberOf(call))),
    severity: 'info',
  }),
})
