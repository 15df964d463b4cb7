import { FreezeAmountError, FreezeStateError } from '#errors/freeze.ts'
import type { Asset } from '#types/chain.ts'
import type { ChannelId } from '#types/chat.ts'
import type { DeclineReason, Freeze, FreezeStage, FreezeStep } from '#types/freeze.ts'
import type { Signed } from '#types/standing.ts'
import { formatAmount } from '#utils/formatAmount.ts'
import { heldIn, presentAt, stateOf } from './stateOf.ts'

/** What people or the clock do with a request. Amounts are base units, times Unix seconds. */
export type FreezeAct =
  | { type: 'approve'; desk: readonly ChannelId[]; note?: string }
  | { type: 'deliver' }
  | { type: 'see' }
  /** `amount: null` is all that is there. */
  | { type: 'hold'; amount: bigint | null; until: number | null }
  | { type: 'make durable'; note: string }
  | { type: 'decline'; reason: DeclineReason; note: string }
  | { type: 'release'; note: string }
  | { type: 'renew'; until: number }
  | { type: 'return'; amount: bigint | null; note: string }
  | { type: 'expire' }
  | { type: 'withdraw'; note: string }

/** From which stages each is possible. */
const from: Record<FreezeAct['type'], readonly FreezeStage[]> = {
  approve: ['drafted'],
  deliver: ['approved'],
  see: ['approved', 'delivered'],
  hold: ['approved', 'delivered', 'seen', 'holding', 'declined', 'expired'],
  'make durable': ['holding'],
  decline: ['approved', 'delivered', 'seen'],
  release: ['holding', 'durable'],
  renew: ['holding'],
  return: ['holding', 'durable'],
  expire: ['holding'],
  withdraw: ['drafted', 'approved', 'delivered', 'seen'],
}

/**
 * A request after something was done with it. Pure: the given one stays as it was.
 * @throws FreezeStateError where that cannot be done as it stands, FreezeAmountError where more is named than is there
 */
export function moveFreeze(
  freeze: Freeze,
  act: FreezeAct,
  { by, at, asset }: { by: Signed | null; at: number; asset: Asset },
): Freeze {
  if (!from[act.type].includes(freeze.stage)) {
    throw new FreezeStateError({ id: freeze.id, state: stateOf(freeze), act: act.type })
  }
  const step = (
    what: FreezeStep['what'],
    { amount = null, note = '' }: { amount?: bigint | null; note?: string } = {},
  ) => ({
    revision: freeze.revision + 1,
    history: [...freeze.history, { what, at, by, amount, note }],
  })
  switch (act.type) {
    case 'approve':
      return { ...freeze, stage: 'approved', desk: act.desk, ...step('approved', act) }
    case 'deliver':
      return { ...freeze, stage: 'delivered', ...step('delivered') }
    case 'see':
      return { ...freeze, stage: 'seen', ...step('seen') }
    case 'hold': {
      const amount = amountOf(freeze, { named: act.amount, most: presentAt(freeze), asset })
      const what = freeze.stage === 'holding' ? 'hold changed' : 'holding'
      const { until } = act
      return {
        ...freeze,
        stage: 'holding',
        holds: amount,
        until,
        reason: null,
        ...step(what, { amount }),
      }
    }
    case 'make durable':
      return { ...freeze, stage: 'durable', until: null, ...step('durable', act) }
    case 'decline':
      return { ...freeze, stage: 'declined', reason: act.reason, ...step('declined', act) }
    case 'release': {
      const amount = heldIn(freeze)
      return {
        ...freeze,
        stage: 'released',
        holds: 0n,
        until: null,
        ...step('released', { ...act, amount }),
      }
    }
    case 'renew':
      return { ...freeze, until: act.until, ...step('renewed') }
    case 'return':
      return returned(freeze, { ...act, asset }, step)
    case 'expire': {
      const amount = heldIn(freeze)
      return { ...freeze, stage: 'expired', holds: 0n, until: null, ...step('expired', { amount }) }
    }
    case 'withdraw':
      return { ...freeze, stage: 'withdrawn', ...step('withdrawn', act) }
  }
}

function returned(
  freeze: Freeze,
  { amount: named, note, asset }: Extract<FreezeAct, { type: 'return' }> & { asset: Asset },
  step: (
    what: FreezeStep['what'],
    more: { amount: bigint; note: string },
  ) => Pick<Freeze, 'revision' | 'history'>,
): Freeze {
  const held = heldIn(freeze)
  const amount = amountOf(freeze, { named, most: held, asset })
  const isAll = amount === held
  return {
    ...freeze,
    returned: freeze.returned + amount,
    holds: held - amount,
    ...(isAll && { stage: 'returned', until: null }),
    ...step(isAll ? 'returned' : 'partly returned', { amount, note }),
  }
}

function amountOf(
  { id }: Freeze,
  { named, most, asset }: { named: bigint | null; most: bigint; asset: Asset },
): bigint {
  const amount = named ?? most
  if (amount > 0n && amount <= most) return amount
  throw new FreezeAmountError({
    id,
    amount: formatAmount(amount, asset),
    most: formatAmount(most, asset),
  })
}
