import type { Context } from '#src/context.ts'
import type { Text } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Hop } from '#types/trail.ts'
import { formatAmount } from '#utils/formatAmount.ts'
import { nameLabel } from '#utils/nameLabel.ts'
import { showAddress } from '#utils/parseAddress.ts'

/** One movement of stolen value in a line: how much of it under FIFO, from whom, to whom, when. */
export function describeHop({ labels }: Pick<Context, 'labels'>, open: OpenCase, hop: Hop): Text {
  const asset = open.case.assets.find(({ id }) => id === hop.asset)
  if (!asset) throw new RangeError(`The case "${open.case.id}" has no asset "${hop.asset}".`)
  const given = open.case.assets.find(({ id }) => id === hop.swapped?.asset)
  const [fifo = 0n] = hop.stolen
  const label = labels.get(hop.to)?.[0]
  const party = label ? ` ${nameLabel(label)}` : ''
  return [
    `${formatAmount(fifo, asset)} stolen of ${formatAmount(hop.amount, asset)}, `,
    { code: showAddress(hop.from) },
    ' → ',
    { code: showAddress(hop.to) },
    `${party}, `,
    { time: hop.time },
    `, hop ${hop.hops}`,
    hop.peel ? (hop.peel === 'kept' ? ', kept in a peel chain' : ', peeled off') : '',
    ...(hop.arrived
      ? [`, out of ${hop.arrived.bridge} for `, { code: hop.arrived.transaction }]
      : []),
    ...(given && hop.swapped
      ? [`, out of a swap of ${formatAmount(hop.swapped.amount, given)}`]
      : []),
  ]
}
