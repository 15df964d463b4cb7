import { AlertNotFoundError } from '#errors/alert.ts'
import type { Context } from '#src/context.ts'
import type { ToldAlert } from '#types/alert.ts'

/** More alerts than share a beginning of their handle by chance. */
const enough = 10

/**
 * The alert that a person names by its handle, or by the beginning of it.
 * @throws AlertNotFoundError where none or several are meant
 */
export async function findAlert(
  { store }: Pick<Context, 'store'>,
  handle: string,
): Promise<ToldAlert> {
  const known = await store.findAlerts({ handle: handle.toLowerCase() }, { limit: enough })
  const [alert] = known
  if (alert && known.length === 1) return alert
  throw new AlertNotFoundError({ handle, count: known.length })
}
