import { z } from 'zod'
import { NoEvidenceKeyError } from '#errors/evidence.ts'
import { findCase } from '#src/case/findCase.ts'
import { caseOption } from '#src/command/caseOption.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { assetsAt } from '#src/evidence/gatherExhibit.ts'
import { handOn } from '#src/evidence/handOn.ts'
import { makePacket } from '#src/evidence/makePacket.ts'
import { renderFiles } from '#src/evidence/renderFiles.ts'
import { isHouse } from '#src/organization/listOrganizations.ts'
import type { Reply } from '#types/message.ts'
import { parseAddress, showAddress } from '#utils/parseAddress.ts'
import { parseDuration } from '#utils/parseDuration.ts'
import { parseNote } from '#utils/parseNote.ts'

const secondsPerDay = 86_400

export const evidence = defineCommand({
  name: 'evidence',
  description:
    'Makes a packet that shows how stolen value came to an address, to be re-run by anybody.',
  role: 'responder',
  options: z.object({
    case: caseOption.unwrap(),
    address: z.string().transform(parseAddress).meta({
      description: 'The address that it came to, as pasted.',
      complete: 'address',
    }),
    for: z.string().transform(parseDuration).optional().meta({
      description: 'For how long a hold is asked: for:30d.',
      form: 'tag',
    }),
    tell: z
      .enum(['yes', 'no'])
      .default('no')
      .meta({ description: 'Whether the customer may be told.', form: 'tag' }),
    question: z.string().transform(parseNote).optional().meta({
      description: 'What is asked of whoever reads it.',
      form: 'text',
    }),
  }),
  example: '/posse evidence ronin 0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c Please hold it.',
  async run(context, { case: id, address, tell, question, ...given }, call): Promise<Reply> {
    const open = findCase(context, id)
    const office = context.evidence
    if (!office) throw new NoEvidenceKeyError()
    const seconds = given.for ?? context.rules.freeze.holdDays * secondsPerDay
    const asked = {
      what: question ?? 'Please hold what is stolen of it and tell us how much that is.',
      days: Math.ceil(seconds / secondsPerDay),
      mayTell: tell === 'yes',
    }
    const member = memberOf(call)
    // The house signs what the chain says; who chose the words of the question stands beside it.
    const by = isHouse(context, member, null)
      ? 'the coordinator'
      : `the coordinator, at the request of ${member.name} (${member.organization})`
    const signer = { key: office.key, by, sign: office.sign }
    const made = []
    for (const asset of await assetsAt(context, open, address)) {
      const packet = await makePacket(context, open, { asset, address, asked, signer })
      made.push(await renderFiles(context, packet, office))
    }
    const files = made.flatMap((each) => each.files)
    const folder = await office.keep(files)
    const handed = handOn(context, { files, caseId: open.case.id, member })
    const isHere = member.account === 'terminal'
    return {
      title: ['Evidence for ', { code: showAddress(address) }],
      sections: [
        ...made.map(({ fields }) => ({ type: 'fields' as const, fields })),
        {
          type: 'text',
          text: [
            isHere ? `Kept in ${folder}: ` : 'Files: ',
            { code: made.map(({ name }) => `${name}.{json,csv,md,pdf}`).join(' ') },
            handed.left,
          ],
        },
        {
          type: 'text',
          text: [
            'Anybody checks it with ',
            { code: `posse verify PACKET.json --rpc NODE --key ${office.key}` },
          ],
        },
      ],
      files: handed.files,
    }
  },
})
