import type { Json } from '#utils/canonicalJson.ts'
import { hashOf } from '#utils/canonicalJson.ts'
import type { Packet, PacketBody, PacketEntry, PacketParts } from './packet.ts'
import { packetFormat } from './packet.ts'

/** What the first entry is chained to. */
export const firstPrevious = '0'.repeat(64)

/** What an entry's hash is of. */
export function entryHash({ previous, body }: Pick<PacketEntry, 'previous' | 'body'>): string {
  return hashOf({ previous, body: body as Json })
}

/** What is signed: the last hash, said so that the signature means nothing else anywhere. */
export function signedText(head: string): string {
  return `${packetFormat} ${head}`
}

/** Chains the parts of a packet, the question first, and signs the last hash. */
export function sealPacket(
  { question, labels, accounts, transactions, result }: PacketParts,
  { key, by, sign }: { key: string; by: string; sign: (text: string) => string },
): Packet {
  const entries: PacketEntry[] = []
  let previous = firstPrevious
  const bodies: PacketBody[] = [question, ...labels, ...accounts, ...transactions, result]
  for (const body of bodies) {
    const hash = entryHash({ previous, body })
    entries.push({ previous, hash, body })
    previous = hash
  }
  const value = sign(signedText(previous))
  return { format: packetFormat, entries, signature: { key, by, value } }
}

/** A packet's parts by their kinds; `undefined` where it lacks the question or the result, or has several. */
export function partsOf({ entries }: Pick<Packet, 'entries'>): PacketParts | undefined {
  const bodies = entries.map(({ body }) => body)
  const of = <Kind extends PacketBody['kind']>(kind: Kind) =>
    bodies.filter((body): body is Extract<PacketBody, { kind: Kind }> => body.kind === kind)
  const [question, ...questions] = of('question')
  const [result, ...results] = of('result')
  if (!question || !result || questions.length + results.length > 0) return undefined
  return {
    question,
    labels: of('label'),
    accounts: of('account'),
    transactions: of('transaction'),
    result,
  }
}
