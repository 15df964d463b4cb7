import { parseArgs } from 'node:util'
import { benchAnswers } from './answers.ts'
import { benchChain } from './chain.ts'
import { benchCommands } from './commands.ts'
import { benchDelay } from './delay.ts'
import type { Figure } from './figure.ts'
import { benchReading } from './reading.ts'
import { benchRestart } from './restart.ts'
import { benchTracing } from './tracing.ts'

const groups: Record<string, () => Figure[] | Promise<Figure[]>> = {
  tracing: benchTracing,
  reading: benchReading,
  chain: benchChain,
  restart: benchRestart,
  delay: benchDelay,
  answers: benchAnswers,
  commands: benchCommands,
}

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string' } },
})
if (values.only !== undefined && !Object.hasOwn(groups, values.only)) {
  console.error(`There is no group "${values.only}". Groups: ${Object.keys(groups).join(', ')}.`)
  process.exit(1)
}

const figures: Figure[] = []
for (const [name, bench] of Object.entries(groups)) {
  if ((values.only ?? name) === name) figures.push(...(await bench()))
}

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
