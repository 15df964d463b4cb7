import type { Context } from '#src/context.ts'
import { maySee, viewerOf } from '#src/sharing/maySee.ts'
import type { Member } from '#types/member.ts'
import type { ReplyFile } from '#types/message.ts'

/** Files of more bytes are kept and not handed on: chats take no more. */
const maxBytes = 8 * 2 ** 20

/** The files that a chat hands to whoever asked, and a sentence on those that stay with the house. */
export function handOn(
  context: Context,
  { files, caseId, member }: { files: readonly ReplyFile[]; caseId: string; member: Member },
): { files: ReplyFile[]; left: string } {
  // A file goes by direct message, and stays there.
  if (!maySee(context, { ...viewerOf({ member }), isDirect: true }, caseId)) {
    return {
      files: [],
      left: '. Nothing of this case goes by direct message: ask the coordinator.',
    }
  }
  const handed = files.filter(({ data }) => data.length <= maxBytes)
  const left = files.length - handed.length
  return {
    files: handed,
    left: left > 0 ? `. ${left} too large for a chat: ask the coordinator.` : '.',
  }
}
