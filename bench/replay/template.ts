/** What differs from one copy of a block to the next. */
export type Place = { number: number; hash: string; parentHash: string; time: number }

/** JSON with gaps of a fixed width, so that a copy of it takes no building. */
export type Template = { bytes: Buffer; gaps: { field: keyof Place; at: number[] }[] }

/** Stand for the fields, as wide as they are. */
export const marks = {
  number: '#number##',
  hash: '#hash'.padEnd(66, '#'),
  parentHash: '#parent'.padEnd(66, '#'),
  time: '#time#####',
} as const satisfies Record<keyof Place, string>

const fields = Object.keys(marks) as (keyof Place)[]

export function createTemplate(value: unknown): Template {
  const bytes = Buffer.from(JSON.stringify(value), 'latin1')
  return { bytes, gaps: fields.map((field) => ({ field, at: findAll(bytes, marks[field]) })) }
}

export function fillTemplate({ bytes, gaps }: Template, place: Place): Buffer {
  const filled = Buffer.from(bytes)
  for (const { field, at } of gaps) {
    const value = place[field]
    const text = typeof value === 'number' ? `0x${value.toString(16)}` : value
    if (at.length > 0 && text.length !== marks[field].length) {
      throw new RangeError(`"${text}" is not as wide as a ${field} is here.`)
    }
    for (const offset of at) filled.write(text, offset, 'latin1')
  }
  return filled
}

function findAll(bytes: Buffer, mark: string): number[] {
  const found: number[] = []
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + mark.length)) {
    found.push(at)
  }
  return found
}
