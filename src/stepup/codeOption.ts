import { z } from 'zod'

/**
 * The code of a heavy act, as `code:123456`. It takes anything: what is wrong with it is said by `stepUp`, which does not
 * repeat it.
 */
export const codeOption = z.string().optional().meta({
  description: 'The six digits of your authenticator, where the house asks for them.',
  form: 'tag',
})
