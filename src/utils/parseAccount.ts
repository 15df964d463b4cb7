import { InvalidAccountError } from '#errors/member.ts'
import type { AccountId } from '#types/member.ts'

/**
 * An account as somebody wrote it. With several workspaces a Slack id has the workspace before it:
 * `slack:T024BE7LD.U024BE7LH`.
 * @throws InvalidAccountError
 */
export function parseAccount(text: string): AccountId {
  const [, platform = '', name = ''] =
    /^(slack|discord):([A-Za-z0-9]{1,40}(?:\.[A-Za-z0-9]{1,40})?)$/i.exec(text.trim()) ?? []
  if (name === '') throw new InvalidAccountError({ text })
  return `${platform.toLowerCase()}:${name}`
}
