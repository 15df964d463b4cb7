import { NoPostError } from '#errors/post.ts'
import { channelsOf } from '#src/channel/channelsOf.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { isHouse } from '#src/organization/listOrganizations.ts'
import type { Member } from '#types/member.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Post, PostName, Signed, StandingChange } from '#types/standing.ts'
import { mayRun } from '#utils/findMember.ts'

/**
 * Gives a post of a case to somebody: whoever has it hands it over, a lead of the house may give any, and a free one may be taken.
 * The rooms of the case are told, with a word to whoever comes.
 * @throws NoPostError
 */
export async function handOverPost(
  context: Context,
  open: OpenCase,
  {
    post,
    to,
    note,
    by,
    member,
  }: { post: PostName; to: Member; note: string; by: Signed; member: Member },
): Promise<Post> {
  const { id: caseId, name } = open.case
  return await decide(context, () => {
    const key = `${caseId} ${post}`
    const before = context.standing.post.get(key)
    const isFree = before === undefined
    const isLead = mayRun({ role: 'lead' }, member) && isHouse(context, member, caseId)
    if (!isFree && before.account !== by.account && !isLead) {
      throw new NoPostError({ post, name: before.name })
    }
    const value: Post = { caseId, post, account: to.account, name: to.name, since: by.at }
    const change: StandingChange = { kind: 'post', key, value }
    const text = `${to.name} is ${post} now${isFree ? '' : `, after ${before.name}`}`
    const why = note ? `: ${note}` : ''
    const entry = `post:${post}:${by.at}`
    return {
      standing: [change],
      timeline: [{ caseId, key: entry, at: by.at, kind: 'decision', by, text: `${text}${why}` }],
      tellings: [
        {
          ...{ alert: `${caseId}:${entry}`, revision: 1, topic: 'digest' as const },
          channels: channelsOf(context.whole, { cases: [caseId], topic: 'digest' }),
          message: {
            title: [{ strong: name }, `: ${text}`],
            severity: 'info' as const,
            sections: note ? [{ type: 'text' as const, text: note }] : [],
          },
        },
      ].filter(({ channels }) => channels.length > 0),
      result: value,
    }
  })
}
