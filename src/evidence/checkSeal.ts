import type { Check } from '#types/evidence.ts'
import { isSignedBy } from '#utils/signature.ts'
import type { Packet } from './packet.ts'
import { entryHash, firstPrevious, signedText } from './sealPacket.ts'

/** Whether a packet is as it was sealed, and by whom: pure. `key` is the public key that is expected. */
export function checkSeal({ entries, signature }: Packet, key: string | null): Check[] {
  const checks: Check[] = []
  let previous = firstPrevious
  for (const [index, entry] of entries.entries()) {
    const subject = `entry ${index + 1} (${entry.body.kind})`
    if (entry.previous !== previous) {
      const text = 'is not the one that followed: entries were taken out, put in or moved'
      checks.push({ verdict: 'differs', fault: 'changed', subject, text })
    } else if (entryHash(entry) !== entry.hash) {
      const text = 'is not as it was sealed: its hash is another'
      checks.push({ verdict: 'differs', fault: 'changed', subject, text })
    }
    previous = entry.hash
  }
  if (checks.length === 0) {
    checks.push({
      verdict: 'agrees',
      subject: `${entries.length} entries`,
      text: `are chained to the hash ${previous}`,
    })
  }
  return [...checks, ...checkSignature(signature, { head: previous, key })]
}

function checkSignature(
  signature: Packet['signature'],
  { head, key }: { head: string; key: string | null },
): Check[] {
  const subject = 'signature'
  const isSigned = isSignedBy(signature.key, signedText(head), signature.value)
  if (!isSigned) {
    const text = `is not by the key ${signature.key} over these entries`
    return [{ verdict: 'differs', fault: 'forged', subject, text }]
  }
  if (key === null) {
    const text = `is by the key ${signature.key}; whose that is, --key KEY tells`
    return [{ verdict: 'noted', subject, text }]
  }
  if (signature.key === key) {
    return [{ verdict: 'agrees', subject, text: 'is by the key that you expect' }]
  }
  const text = `is by the key ${signature.key}, not by the one that you expect`
  return [{ verdict: 'differs', fault: 'other key', subject, text }]
}
