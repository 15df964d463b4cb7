import { AlreadyAskedError, NothingToFreezeError } from '#errors/freeze.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import type { Address, AssetId } from '#types/chain.ts'
import type { Freeze } from '#types/freeze.ts'
import type { Member } from '#types/member.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Signed } from '#types/standing.ts'
import { handleOf } from '#utils/handleOf.ts'
import { showAddress } from '#utils/parseAddress.ts'
import { maySee } from './actOnFreeze.ts'
import { decisionOf } from './decisionOf.ts'
import { addFlows, arrivingFlow, leavingFlow } from './followHops.ts'
import { isOpenFreeze } from './stateOf.ts'

/** Arrivals that a request by hand starts with. */
const maxHops = 1_000

/**
 * Drafts a request by hand, in each asset of the case that has come to the address. Where one to that organization is
 * open already, it is answered as it stands.
 * @throws NothingToFreezeError, AlreadyAskedError where that is not theirs to see
 */
export async function requestFreeze(
  context: Context,
  open: OpenCase,
  {
    address,
    tag,
    organization,
    days,
    mayTell,
    note,
    by,
    member,
  }: {
    address: Address
    tag: string | null
    organization: string
    days: number
    mayTell: boolean
    note: string
    by: Signed
    member: Member
  },
): Promise<Freeze[]> {
  const caseId = open.case.id
  return await decide(context, async () => {
    const came = await context.store.findHops(caseId, { payee: address }, { limit: maxHops })
    const went = await context.store.findHops(caseId, { payer: address }, { limit: maxHops })
    const byAsset = Map.groupBy(
      came.filter(({ stolen: [fifo = 0n] }) => fifo > 0n),
      ({ asset }) => asset,
    )
    if (byAsset.size === 0) {
      throw new NothingToFreezeError({ address: showAddress(address), caseId })
    }
    const freezes = [...byAsset].map(([asset, hops]) => {
      const known = findOpen(context, { caseId, address, tag, asset, organization })
      if (known && !maySee(context, known, member))
        throw new AlreadyAskedError({ address: showAddress(address), organization })
      if (known) return { freeze: known, isNew: false }
      const departures = went.filter((hop) => hop.asset === asset && (hop.stolen[0] ?? 0n) > 0n)
      const freeze: Freeze = {
        ...{
          id: idOf(context, { open, address, tag, asset, organization }),
          caseId,
          asset,
          address,
        },
        ...{ chain: open.case.chain, tag, organization },
        grounds: { kind: 'said', text: note || `said by ${by.name}`, confidence: 0.5 },
        ...{ stage: 'drafted', revision: 1, holds: 0n, returned: 0n, until: null, reason: null },
        arrivals: addFlows(
          [],
          hops.toReversed().map((hop) => arrivingFlow(hop, hop.from)),
        ),
        departures: addFlows([], departures.toReversed().map(leavingFlow)),
        ...{ sweptTo: null, desk: [], terms: { days, mayTell } },
        history: [{ what: 'drafted', at: by.at, by, amount: null, note }],
        isDrill: open.case.isDrill === true,
      }
      return { freeze, isNew: true }
    })
    const result = freezes.map(({ freeze }) => freeze)
    const fresh = freezes.flatMap(({ freeze, isNew }) => (isNew ? freeze : []))
    return fresh.length === 0 ? { result } : { ...decisionOf(context, fresh), result }
  })
}

type Unit = {
  address: Address
  tag: string | null
  asset: AssetId
  organization: string
}

function findOpen(
  { standing }: Context,
  { caseId, address, tag, asset, organization }: Unit & { caseId: string },
): Freeze | undefined {
  return [...standing.freeze.values()].find(
    (freeze) =>
      freeze.caseId === caseId &&
      freeze.address === address &&
      freeze.tag === tag &&
      freeze.asset === asset &&
      freeze.organization === organization &&
      isOpenFreeze(freeze),
  )
}

/** Made of facts; those before it at the same address count, since a closed one may be asked again. */
function idOf(
  { standing }: Context,
  { open, address, tag, asset, organization }: Unit & { open: OpenCase },
): string {
  const { id: caseId, chain } = open.case
  const facts = (count: number) =>
    handleOf(['freeze', caseId, chain, address, tag ?? '', asset, organization, count].join(' '))
  for (let count = 0; ; count += 1) if (!standing.freeze.has(facts(count))) return facts(count)
}
