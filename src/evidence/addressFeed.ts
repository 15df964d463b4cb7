import { z } from 'zod'
import type { Context } from '#src/context.ts'
import { labelsFor } from '#src/sharing/labelsFor.ts'
import { stolenIn } from '#trace/policies.ts'
import type { EvidenceOffice } from '#types/evidence.ts'
import type { OpenCase } from '#types/openCase.ts'
import { tlpMarks } from '#types/tlp.ts'
import type { Account } from '#types/trail.ts'
import { hashOf } from '#utils/canonicalJson.ts'
import { nameLabel } from '#utils/nameLabel.ts'
import { isSignedBy } from '#utils/signature.ts'

const feedFormat = 'posse-addresses/1'

/** Addresses of one feed: more than any theft has reached. */
const maxAddresses = 1_000_000

/** Characters of what an address is called: a list may say more. */
const maxLabel = 200

/** Of EVM chains and of Bitcoin, and what stands for one where there is none. */
const addressPattern =
  /^(?:0x[0-9a-f]{40}|contract-creation:0x[0-9a-f]{64}|(?:script|coinjoin):[0-9a-f]{64}|[a-z]{2,10}1[02-9ac-hj-np-z]{11,87}|[1-9A-HJ-NP-Za-km-z]{25,35})$/

const digits = z.string().regex(/^\d{1,78}$/)
const text = z.string().max(500)
/** Unix seconds that a date can be made of. */
const time = z
  .int()
  .min(0)
  .max(2 ** 33)

const body = z.strictObject({
  format: z.literal(feedFormat),
  case: z.strictObject({ id: text, name: text, isDrill: z.boolean() }),
  chain: text,
  tlp: z.enum(tlpMarks),
  /** The block as of which it is, and when it was made (Unix seconds). */
  block: z.int(),
  madeAt: time,
  addresses: z
    .array(
      z.strictObject({
        address: z.string().regex(addressPattern),
        asset: text,
        /** `source`, `trail`, `busy`, or the kind of service where the trail ends. */
        role: text,
        label: text,
        /** Base units there now by FIFO, taint first and clean first; and fewest payments from the theft. */
        stolen: z.tuple([digits, digits, digits]),
        hops: z.int().min(0),
        reachedAt: time,
      }),
    )
    .max(maxAddresses),
})

/** A feed as it is written: addresses, and the key and signature of the house. */
export const feedSchema = z.strictObject({
  ...body.shape,
  signature: z.strictObject({ key: text, value: text }),
})

export type AddressFeed = z.infer<typeof feedSchema>

/** All addresses that stolen value of a case has reached, signed by the house. */
export async function makeFeed(
  context: Context,
  { case: theft, head }: OpenCase,
  office: Pick<EvidenceOffice, 'key' | 'sign'>,
): Promise<AddressFeed> {
  const labels = labelsFor(context, theft.id)
  const addresses: AddressFeed['addresses'] = []
  for (const { id: asset } of theft.assets) {
    for await (const page of context.store.scanAccounts(theft.id, asset)) {
      for (const account of page) {
        const [label] = labels.get(account.address) ?? []
        addresses.push({
          ...describe(account),
          asset,
          label: label ? nameLabel(label).slice(0, maxLabel) : '',
        })
      }
    }
  }
  const content: z.infer<typeof body> = {
    format: feedFormat,
    case: { id: theft.id, name: theft.name, isDrill: theft.isDrill === true },
    chain: theft.chain,
    tlp: context.standing.mark.get(`case:${theft.id}`)?.tlp ?? context.rules.tlp,
    block: head?.number ?? theft.followAfter ?? -1,
    madeAt: context.now(),
    addresses,
  }
  return { ...content, signature: { key: office.key, value: office.sign(signedText(content)) } }
}

/** Whether a feed is as its key has signed it. */
export function isFeedSigned({ signature, ...content }: AddressFeed): boolean {
  return isSignedBy(signature.key, signedText(content), signature.value)
}

function signedText(content: z.infer<typeof body>): string {
  return `${feedFormat} ${hashOf(content)}`
}

function describe({ address, stop, firstPayer, holdings, reachedAt }: Account) {
  const [fifo = 0n, first = 0n, clean = 0n] = holdings.map(stolenIn)
  return {
    address,
    role: firstPayer === null ? 'source' : (stop ?? 'trail'),
    stolen: [String(fifo), String(first), String(clean)] as [string, string, string],
    hops: Math.min(...holdings.map(({ hops }) => hops)),
    reachedAt,
  }
}
