import { AlreadyEnrolledError, NoSealingKeyError } from '#errors/stepup.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import type { Member } from '#types/member.ts'
import { sealText } from '#utils/sealText.ts'
import { makeTotp } from '#utils/totp.ts'
import { personOf } from './personOf.ts'
import { useCode } from './useCode.ts'

/**
 * A new secret for a person, which counts once it is confirmed; until then the one before does. Whoever has one needs a
 * code of it.
 * @throws UserError
 */
export async function enroll(
  context: Context,
  { member, code }: { member: Member; code: string | undefined },
): Promise<{ secret: string; uri: string }> {
  const { sealingKey } = context
  if (!sealingKey) throw new NoSealingKeyError()
  const person = personOf(context, member.account)
  if (code !== undefined) await useCode(context, { person, code })
  const made = makeTotp(person)
  const pending = sealText(JSON.stringify({ account: person, secret: made.secret }), sealingKey)
  await decide(context, () => {
    const found = context.standing.totp.get(person)
    if (found?.sealed && code === undefined) throw new AlreadyEnrolledError({ account: person })
    const value = { account: person, sealed: null, lastStep: 0, wrong: [], ...found, pending }
    return { standing: [{ kind: 'totp', key: person, value }], result: undefined }
  })
  return made
}

/** @throws UserError where the code is not one of the secret that was enrolled last */
export async function confirm(
  context: Context,
  { member, code }: { member: Member; code: string },
): Promise<void> {
  await useCode(context, { person: personOf(context, member.account), code, isPending: true })
}
