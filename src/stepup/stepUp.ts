import { randomBytes } from 'node:crypto'
import { NotAllowedError } from '#errors/input.ts'
import { CodeNeededError } from '#errors/stepup.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import type { Member } from '#types/member.ts'
import type { Reply } from '#types/message.ts'
import type { Signed, StandingChange, StepUp } from '#types/standing.ts'
import { hashOf, type Json } from '#utils/canonicalJson.ts'
import { findMember, mayRun } from '#utils/findMember.ts'
import { personOf } from './personOf.ts'
import { useCode } from './useCode.ts'

/** How long a second person may take. */
const waitSeconds = 30 * 60

/** Characters that the command of a button may have. */
const maxCommand = 90

type HeavyAct = {
  /** The name of its command. */
  act: string
  /** The id of what it is done to. */
  subject: string
  /** What it does, as a sentence: the second person reads it. */
  text: string
  member: Member
  code: string | undefined
  /** All that it does beside: the second person must ask for the same. @default what `text` says */
  given?: Json
  /** The command as the second person would type it. @default the act and its subject */
  command?: string
}

/**
 * Whether a heavy act may go on: by the rules of the house once a second person has asked for the same, or with a code.
 * To be asked after all that can be refused has been, outside of `decide`, and right before the act: a clearance is used
 * up by it.
 * @throws UserError where a code does not count
 */
export async function stepUp(
  context: Context,
  heavy: HeavyAct,
): Promise<{ isCleared: true } | { isCleared: false; reply: Reply }> {
  const { act, member, code } = heavy
  if (!mayRun({ role: 'lead' }, member)) throw new NotAllowedError({ role: 'lead' })
  switch (context.rules.stepUp) {
    case 'none':
      return { isCleared: true }
    case 'totp':
      if (code === undefined) throw new CodeNeededError({ act })
      await useCode(context, { person: personOf(context, member.account), code })
      return { isCleared: true }
    case 'second person':
      return await waitForSecond(context, heavy)
  }
}

async function waitForSecond(
  context: Context,
  heavy: HeavyAct,
): Promise<{ isCleared: true } | { isCleared: false; reply: Reply }> {
  const { act, subject, text, member, given = null } = heavy
  const digest = hashOf({ act, subject, text, given })
  const waiting = await decide(context, () => {
    const now = context.now()
    const lapsed = [...context.standing.stepup.values()].filter(({ until }) => until <= now)
    const standing: StandingChange[] = lapsed.map((each) => ({
      ...{ kind: 'stepup', key: each.digest, value: null },
    }))
    const found = context.standing.stepup.get(digest)
    const first = found && found.until > now && isStillLead(context, found) ? found : null
    if (first && personOf(context, first.by.account) !== personOf(context, member.account)) {
      standing.push({ kind: 'stepup', key: digest, value: null })
      return { standing, result: null }
    }
    const value = first ?? {
      ...{ id: randomBytes(4).toString('hex'), act, subject, digest },
      ...{ by: signedBy(member, now), at: now, until: now + waitSeconds },
    }
    standing.push({ kind: 'stepup', key: digest, value })
    return { standing, result: value }
  })
  return waiting === null
    ? { isCleared: true }
    : { isCleared: false, reply: askSecond(heavy, waiting) }
}

function signedBy({ account, name, organization }: Member, at: number): Signed {
  return { account, name, organization, at }
}

/** What was taken from somebody meanwhile does not count any more. */
function isStillLead(context: Context, { by }: StepUp): boolean {
  return mayRun({ role: 'lead' }, findMember(context, by.account))
}

function askSecond(
  { act, subject, text, command = `${act} ${subject}` }: HeavyAct,
  { id, by, until }: StepUp,
): Reply {
  return {
    title: 'A second lead must ask for the same',
    severity: 'amber',
    visibility: 'channel',
    sections: [
      { type: 'text', text },
      {
        type: 'fields',
        fields: [
          { name: 'Command', value: { code: `/posse ${command}` } },
          { name: 'Asked by', value: `${by.name} (${by.account})` },
          { name: 'Until', value: [{ time: until }, ', after that it is asked for anew'] },
          { name: 'Number', value: { code: id } },
        ],
      },
    ],
    ...(command.length <= maxCommand && {
      actions: [{ label: 'Do it as second lead', command, style: 'danger' as const }],
    }),
  }
}
