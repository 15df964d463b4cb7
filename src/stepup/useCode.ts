import {
  MalformedCodeError,
  NoSealingKeyError,
  NotEnrolledError,
  NothingToConfirmError,
  SecretNotOpenedError,
  TooManyCodesError,
  UsedCodeError,
  WrongCodeError,
} from '#errors/stepup.ts'
import type { UserError } from '#errors/userError.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import type { AccountId } from '#types/member.ts'
import type { Authenticator } from '#types/standing.ts'
import { openText } from '#utils/sealText.ts'
import { digitsOf, stepOfCode } from '#utils/totp.ts'

/** Wrong codes of one person within so many seconds, after which no code counts until the first of them is older. */
const maxWrong = 5
const wrongSeconds = 15 * 60

/**
 * Uses a code of a person up: it counts once. With `isPending` it confirms the secret that was enrolled last, which
 * counts from then on. Wrong codes are kept, also over a restart.
 * @throws UserError where it does not count
 */
export async function useCode(
  context: Context,
  { person, code, isPending = false }: { person: AccountId; code: string; isPending?: boolean },
): Promise<void> {
  const refusal = await decide(context, () => {
    const found = context.standing.totp.get(person)
    const sealed = found && (isPending ? found.pending : found.sealed)
    if (!found || !sealed) {
      throw isPending
        ? new NothingToConfirmError({ account: person })
        : new NotEnrolledError({ account: person })
    }
    const secret = openSecret(context, { person, sealed })
    const { next, error } = judge(found, { secret, code, isPending, now: context.now() })
    return { standing: [{ kind: 'totp', key: person, value: next }], result: error }
  })
  if (refusal) throw refusal
}

function judge(
  found: Authenticator,
  {
    secret,
    code,
    isPending,
    now,
  }: { secret: string; code: string; isPending: boolean; now: number },
): { next: Authenticator; error: UserError | null } {
  const wrong = found.wrong.filter((at) => at > now - wrongSeconds)
  const [oldest = now] = wrong
  const kept = { ...found, wrong }
  if (wrong.length >= maxWrong) {
    const minutes = Math.max(1, Math.ceil((oldest + wrongSeconds - now) / 60))
    return { next: kept, error: new TooManyCodesError({ minutes }) }
  }
  const digits = digitsOf(code)
  if (digits === null) return { next: kept, error: new MalformedCodeError() }
  const step = stepOfCode(secret, digits, now)
  if (step === null) {
    const left = maxWrong - wrong.length - 1
    return { next: { ...kept, wrong: [...wrong, now] }, error: new WrongCodeError({ left }) }
  }
  // Codes of steps before the last used one are refused too: somebody may have looked on.
  if (!isPending && step <= found.lastStep) return { next: kept, error: new UsedCodeError() }
  const confirmed = isPending && { sealed: found.pending, pending: null }
  return { next: { ...kept, ...confirmed, lastStep: step }, error: null }
}

/** What is sealed names its person: a secret that was copied to somebody else's entry opens nothing. */
function openSecret(
  { sealingKey }: Context,
  { person, sealed }: { person: AccountId; sealed: string },
): string {
  if (!sealingKey) throw new NoSealingKeyError()
  try {
    const { account, secret } = JSON.parse(openText(sealed, sealingKey))
    if (account === person && typeof secret === 'string') return secret
  } catch {
    // What went wrong may hold a part of it.
  }
  throw new SecretNotOpenedError({ account: person })
}
