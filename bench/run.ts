import { parseArgs } from 'node:util'
import type { Figure } from './figure.ts'
import { benchReading } from './reading.ts'
import { benchTracing } from './tracing.ts'

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })

const figures: Figure[] = [...benchTracing(), ...(await benchReading())]

if (values.json) {
  console.log(JSON.stringify(figures))
} else {
  console.table(
    figures.map(({ name, value, unit, reference, ratio, bar, ok }) => ({
      name,
      value: `${round(value)} ${unit}`,
      reference: round(reference),
      ratio: round(ratio),
      bar: bar ?? '',
      ok: ok ?? '',
    })),
  )
}
process.exitCode = figures.some(({ ok }) => ok === false) ? 1 : 0

function round(number: number): number {
  return Number(number.toPrecision(3))
}
