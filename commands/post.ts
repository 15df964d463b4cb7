import { z } from 'zod'
import { MemberNotFoundError } from '#errors/member.ts'
import { findCase } from '#src/case/findCase.ts'
import { caseOption, caseTag } from '#src/command/caseOption.ts'
import type { Context } from '#src/context.ts'
import { type Asker, defineCommand, memberOf } from '#src/defineCommand.ts'
import { handOverPost } from '#src/duty/handOverPost.ts'
import { signedBy } from '#src/signedBy.ts'
import type { Member } from '#types/member.ts'
import type { Reply } from '#types/message.ts'
import { type PostName, posts } from '#types/standing.ts'
import { findMember } from '#utils/findMember.ts'
import { parseAccount } from '#utils/parseAccount.ts'
import { parseNote } from '#utils/parseNote.ts'

const postOption = z.enum(posts).meta({ description: 'Which post in the case.' })

const take = defineCommand({
  name: 'post take',
  description: 'Takes a post in a case: lead, scribe or liaison.',
  role: 'responder',
  options: z.object({ post: postOption, case: caseOption }),
  example: '/posse post take lead ronin',
  run: (context, { post, case: caseId }, call) =>
    give(context, call, { post, caseId, to: memberOf(call), note: '' }),
})

const pass = defineCommand({
  name: 'post give',
  description: 'Hands a post over to somebody, with a word to them.',
  role: 'responder',
  options: z.object({
    post: postOption,
    to: z.string().transform(parseAccount).meta({
      description: 'The account: slack:U024BE7LH, discord:80351110224678912.',
      complete: 'member',
    }),
    case: caseTag,
    note: z.string().transform(parseNote).optional().meta({
      description: 'What they must know.',
      form: 'text',
    }),
  }),
  example: '/posse post give lead slack:U024BE7LH Beta answers by mail only',
  run(context, { post, to: account, case: caseId, note = '' }, call) {
    const to = findMember(context, account)
    if (!to) {
      const own = context.house.members.filter(
        ({ organization }) => organization === memberOf(call).organization,
      )
      const known = own.slice(0, 10).map((each) => each.account)
      throw new MemberNotFoundError({ what: 'member', text: account, known })
    }
    return give(context, call, { post, caseId, to, note })
  },
})

export const postCommands = [take, pass]

async function give(
  context: Context,
  call: Asker,
  given: { post: PostName; caseId: string | undefined; to: Member; note: string },
): Promise<Reply> {
  const open = findCase(context, given.caseId)
  const member = memberOf(call)
  const by = signedBy(member, context.now())
  const { name, post } = await handOverPost(context, open, { ...given, by, member })
  return { title: [{ strong: open.case.name }, `: ${name} is ${post}`], sections: [] }
}
