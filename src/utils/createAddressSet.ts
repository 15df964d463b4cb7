import type { AddressSet } from '#types/addressSet.ts'
import type { Address } from '#types/chain.ts'

const addressBytes = 20
const addressLength = '0x'.length + 2 * addressBytes
const wordsPerKey = 5

/** Keys are held in pieces of this many, so that growing copies none. */
const chunkBits = 12
const chunkKeys = 1 << chunkBits

const minSlots = 16
/** Fullest that the index may be: searches grow long beyond. */
const maxLoad = 0.7

/**
 * Keys in the order of `place`, five words each, and an open-addressing index of them. A slot of the index holds, in
 * the bits of `mask`, a key's place + 1, 0 where it is free; above them the same bits of the key's hash, so that a
 * search for what is missing hardly ever looks at a key.
 */
type Table = { size: number; chunks: Int32Array[]; index: Int32Array; mask: number }

/**
 * A set of addresses with 20 bytes a key.
 * @throws RangeError where `packed` is no whole number of keys
 */
export function createAddressSet({
  packed = [],
  others = [],
}: {
  /** Pieces of 20 bytes a key, as `keys` gives them. */
  packed?: readonly Uint8Array[]
  others?: readonly Address[]
} = {}): AddressSet {
  const bytes = packed.reduce((sum, { length }) => sum + length, 0)
  const table = createTable(bytes / addressBytes)
  for (const piece of packed) addPacked(table, piece)
  const rest = new Set<Address>()
  const set: AddressSet = {
    get size() {
      return table.size + rest.size
    },
    has: (address) =>
      readWords(address) ? findSlot(table, hashOf(sought, 0)) >= 0 : rest.has(address),
    add(address) {
      if (readWords(address)) addWords(table)
      else rest.add(address)
    },
    delete(address) {
      if (readWords(address)) deleteWords(table)
      else rest.delete(address)
    },
    keys: () => ({ packed: packKeys(table), others: [...rest] }),
  }
  for (const address of others) set.add(address)
  return set
}

function createTable(keys: number): Table {
  let slots = minSlots
  while (keys > slots * maxLoad) slots *= 2
  return { size: 0, chunks: [], index: new Int32Array(slots), mask: slots - 1 }
}

/** The key that is worked on: shared, so that a look-up allocates nothing. */
const sought = new Int32Array(wordsPerKey)

/** Value of each hexadecimal digit by its character code, -1 for all else. */
const digits = Int8Array.from({ length: 128 }, (_, code) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase()),
)

/** Reads an address into `sought`; false where it is not `0x` and 20 bytes of digits. */
function readWords(address: Address): boolean {
  if (address.length !== addressLength || !address.startsWith('0x')) return false
  let faults = 0
  for (let word = 0, at = 2; word < wordsPerKey; word++, at += 8) {
    // Written out, since a loop takes half as long again.
    const a = digits[address.charCodeAt(at)] ?? -1
    const b = digits[address.charCodeAt(at + 1)] ?? -1
    const c = digits[address.charCodeAt(at + 2)] ?? -1
    const d = digits[address.charCodeAt(at + 3)] ?? -1
    const e = digits[address.charCodeAt(at + 4)] ?? -1
    const f = digits[address.charCodeAt(at + 5)] ?? -1
    const g = digits[address.charCodeAt(at + 6)] ?? -1
    const h = digits[address.charCodeAt(at + 7)] ?? -1
    faults |= a | b | c | d | e | f | g | h
    sought[word] =
      (a << 28) | (b << 24) | (c << 20) | (d << 16) | (e << 12) | (f << 8) | (g << 4) | h
  }
  return faults >= 0
}

/** Secret, since thieves choose their addresses: without it nobody can tell which of them collide. */
const [seed0 = 0, seed1 = 0] = crypto.getRandomValues(new Int32Array(2))

/** HalfSipHash-1-3 of the five words from `at`. @see https://github.com/veorq/SipHash */
function hashOf(words: Int32Array, at: number): number {
  let v0 = seed0
  let v1 = seed1
  let v2 = seed0 ^ 0x6c796765
  let v3 = seed1 ^ 0x74656462
  // The five words, their length in bytes, and three rounds to finish.
  for (let round = 0; round < wordsPerKey + 4; round++) {
    let word = 0
    if (round < wordsPerKey) word = words[at + round] ?? 0
    else if (round === wordsPerKey) word = addressBytes << 24
    else if (round === wordsPerKey + 1) v2 ^= 0xff
    v3 ^= word
    v0 = (v0 + v1) | 0
    v1 = rotate(v1, 5) ^ v0
    v0 = rotate(v0, 16)
    v2 = (v2 + v3) | 0
    v3 = rotate(v3, 8) ^ v2
    v0 = (v0 + v3) | 0
    v3 = rotate(v3, 7) ^ v0
    v2 = (v2 + v1) | 0
    v1 = rotate(v1, 13) ^ v2
    v2 = rotate(v2, 16)
    v0 ^= word
  }
  return v1 ^ v3
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

/** The slot of the key in `sought`, or below 0 the free one where it belongs: `~slot`. */
function findSlot({ chunks, index, mask }: Table, hash: number): number {
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const entry = index[slot] ?? 0
    const place = (entry & mask) - 1
    if (place < 0) return ~slot
    if (((entry ^ hash) & ~mask) !== 0) continue
    const chunk = chunkOf(chunks, place)
    const at = offsetOf(place)
    if (
      chunk[at] === sought[0] &&
      chunk[at + 1] === sought[1] &&
      chunk[at + 2] === sought[2] &&
      chunk[at + 3] === sought[3] &&
      chunk[at + 4] === sought[4]
    ) {
      return slot
    }
  }
}

function addWords(table: Table): void {
  const hash = hashOf(sought, 0)
  let slot = findSlot(table, hash)
  if (slot >= 0) return
  if (table.size + 1 > table.index.length * maxLoad) {
    grow(table)
    slot = findSlot(table, hash)
  }
  const place = table.size
  if (place >> chunkBits === table.chunks.length) {
    table.chunks.push(new Int32Array(chunkKeys * wordsPerKey))
  }
  chunkOf(table.chunks, place).set(sought, offsetOf(place))
  table.index[~slot] = (hash & ~table.mask) | (place + 1)
  table.size += 1
}

/** Doubles the index. */
function grow(table: Table): void {
  const slots = table.index.length * 2
  table.index = new Int32Array(slots)
  table.mask = slots - 1
  for (let place = 0; place < table.size; place++) {
    const hash = hashAt(table, place)
    let slot = hash & table.mask
    while (table.index[slot] !== 0) slot = (slot + 1) & table.mask
    table.index[slot] = (hash & ~table.mask) | (place + 1)
  }
}

/** Takes the key in `sought` out: its slot is closed, and the last key moves to its place. */
function deleteWords(table: Table): void {
  const slot = findSlot(table, hashOf(sought, 0))
  if (slot < 0) return
  const { chunks, index, mask } = table
  const place = ((index[slot] ?? 0) & mask) - 1
  closeSlot(table, slot)
  table.size -= 1
  const last = table.size
  if (place === last) return
  const from = offsetOf(last)
  sought.set(chunkOf(chunks, last).subarray(from, from + wordsPerKey))
  const hash = hashOf(sought, 0)
  index[findSlot(table, hash)] = (hash & ~mask) | (place + 1)
  chunkOf(chunks, place).set(sought, offsetOf(place))
}

/** Frees a slot, and moves into it what a search would miss behind the gap. */
function closeSlot(table: Table, freed: number): void {
  const { index, mask } = table
  let gap = freed
  for (let slot = (gap + 1) & mask; ; slot = (slot + 1) & mask) {
    const entry = index[slot] ?? 0
    const place = (entry & mask) - 1
    if (place < 0) break
    const home = hashAt(table, place) & mask
    if (((slot - home) & mask) < ((slot - gap) & mask)) continue
    index[gap] = entry
    gap = slot
  }
  index[gap] = 0
}

function addPacked(table: Table, packed: Uint8Array): void {
  if (packed.length % addressBytes !== 0) {
    throw new RangeError(`"${packed.length}" bytes are no whole number of addresses.`)
  }
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length)
  for (let at = 0; at < packed.length; at += addressBytes) {
    for (let word = 0; word < wordsPerKey; word++) sought[word] = view.getInt32(at + word * 4)
    addWords(table)
  }
}

function packKeys({ size, chunks }: Table): Uint8Array {
  const packed = new Uint8Array(size * addressBytes)
  const view = new DataView(packed.buffer)
  for (let place = 0; place < size; place++) {
    const chunk = chunkOf(chunks, place)
    const from = offsetOf(place)
    for (let word = 0; word < wordsPerKey; word++) {
      view.setInt32(place * addressBytes + word * 4, chunk[from + word] ?? 0)
    }
  }
  return packed
}

function hashAt({ chunks }: Table, place: number): number {
  return hashOf(chunkOf(chunks, place), offsetOf(place))
}

function chunkOf(chunks: readonly Int32Array[], place: number): Int32Array {
  return chunks[place >> chunkBits] ?? sought
}

function offsetOf(place: number): number {
  return (place & (chunkKeys - 1)) * wordsPerKey
}
