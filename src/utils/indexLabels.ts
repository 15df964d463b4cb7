import type { Address } from '#types/chain.ts'
import { type Label, type ServiceKind, serviceKinds } from '#types/label.ts'

/** Labels by address, every opinion side by side, the one that counts first. */
export type LabelIndex = Pick<ReadonlyMap<Address, readonly Label[]>, 'get'>

/** Puts labels together by address, the label that counts first: any service kind wins, then the surer one. */
export function indexLabels(labels: Iterable<Label>): ReadonlyMap<Address, readonly Label[]> {
  const index = new Map<Address, Label[]>()
  for (const label of labels) {
    const known = index.get(label.address)
    if (known) known.push(label)
    else index.set(label.address, [label])
  }
  for (const known of index.values()) {
    known.sort((a, b) => Number(isService(b)) - Number(isService(a)) || b.confidence - a.confidence)
  }
  return index
}

/** Tokens are destroyed by paying them to these, and made by paying out of the first: whose they were does not matter. */
const burnAddresses: ReadonlySet<Address> = new Set([
  `0x${'0'.repeat(40)}`,
  '0x000000000000000000000000000000000000dead',
])

/** The kind of service that an address is labelled as, `null` where it is none. */
export function serviceOf(index: LabelIndex, address: Address): ServiceKind | null {
  if (burnAddresses.has(address)) return 'burn'
  const kind = index.get(address)?.[0]?.kind
  return serviceKinds.find((service) => service === kind) ?? null
}

function isService({ kind }: Label): boolean {
  return (serviceKinds as readonly string[]).includes(kind)
}
