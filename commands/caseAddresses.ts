import { z } from 'zod'
import { NoEvidenceKeyError } from '#errors/evidence.ts'
import { findCase } from '#src/case/findCase.ts'
import { caseOption } from '#src/command/caseOption.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { makeFeed } from '#src/evidence/addressFeed.ts'
import { handOn } from '#src/evidence/handOn.ts'
import { canonicalJson } from '#utils/canonicalJson.ts'
import { countOf } from '#utils/countOf.ts'

export const caseAddresses = defineCommand({
  name: 'case addresses',
  description: 'Gives every address of a case as a signed file, to match with your own in private.',
  role: 'responder',
  options: z.object({ case: caseOption }),
  example: '/posse case addresses ronin',
  async run(context, { case: id }, call) {
    const open = findCase(context, id)
    const office = context.evidence
    if (!office) throw new NoEvidenceKeyError()
    const feed = await makeFeed(context, open, office)
    const name = `addresses-${open.case.id}-${feed.block}.json`
    const files = [{ name, data: Buffer.from(canonicalJson(feed)) }]
    await office.keep(files)
    const handed = handOn(context, { files, caseId: open.case.id, member: memberOf(call) })
    return {
      title: `${countOf(feed.addresses.length, 'address', 'addresses')} of ${open.case.name}, TLP:${feed.tlp}`,
      sections: [
        {
          type: 'text',
          text: [
            { code: name },
            `${handed.left} Find your own in it, on your own machine: `,
            { code: `posse match YOURS.csv ${name} --key ${office.key}` },
          ],
        },
      ],
      files: handed.files,
    }
  },
})
