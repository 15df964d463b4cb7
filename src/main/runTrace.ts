import { readRecording } from '#adapters/chain/recorded/readRecording.ts'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { readLabels } from '#adapters/labels/readLabels.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { InvalidOptionError, MissingOptionError } from '#errors/input.ts'
import { renderTrace } from '#trace/renderTrace.ts'
import { reportTrace, traceJson } from '#trace/reportTrace.ts'
import { traceTransactions } from '#trace/traceTransactions.ts'
import { type PolicyName, policyNames } from '#types/trail.ts'
import { createProgressBar } from '#utils/createProgressBar.ts'
import { indexLabels, serviceOf } from '#utils/indexLabels.ts'
import { parseAddress } from '#utils/parseAddress.ts'
import { parseAmount } from '#utils/parseAmount.ts'
import { asText, type OptionValue, parseOptions } from './parseCliOptions.ts'

const traceUsage =
  'posse trace FILE... --seed ADDRESS=AMOUNT [--policy NAME] [--labels FILE] [--json]'

/** `posse trace FILE...`: traces stolen money through recorded rows. @throws UserError */
export async function runTrace(args: string[]): Promise<void> {
  const { values, positionals } = parseOptions(args, {
    seed: { type: 'string', multiple: true },
    policy: { type: 'string' },
    labels: { type: 'string' },
    json: { type: 'boolean' },
  })
  if (positionals.length === 0) throw new MissingOptionError({ option: 'FILE', usage: traceUsage })
  const seeds = asList(values.seed)
  if (seeds.length === 0) throw new MissingOptionError({ option: '--seed', usage: traceUsage })
  const sources = seeds.map(parseSeed)
  const policy = parsePolicy(asText(values.policy) ?? 'fifo')
  const labelFile = asText(values.labels)
  const given =
    labelFile !== undefined
      ? await readLabels(labelFile, { source: labelFile, date: '', confidence: 1, isStale: false })
      : []
  const labels = indexLabels(given)
  const bar = createProgressBar('Tracing', process.stderr)
  const rows = await readRecording(positionals, {
    native: ethereum.native,
    // Reading is the first half of the bar, tracing the second.
    onProgress: (read, size) => bar.update(read, size * 2),
  })
  const trace = traceTransactions(rows, {
    asset: ethereum.native.id,
    policy,
    sources,
    serviceOf: (address) => serviceOf(labels, address),
    onProgress: (read) => bar.update(rows.length + read, rows.length * 2),
  })
  bar.end()
  const report = reportTrace(trace, labels)
  if (values.json) process.stdout.write(`${traceJson(report)}\n`)
  else process.stdout.write(`${renderText(renderTrace(report, ethereum.native), outputStyle())}\n`)
}

function parseSeed(text: string): { address: string; amount: bigint } {
  const [address = '', amount, ...rest] = text.split('=')
  if (amount === undefined || rest.length > 0) {
    const reason = 'it is not ADDRESS=AMOUNT'
    const hint = 'For example --seed 0x098b716b8aaf21512996dc57eb0615e2383e2f96=173600ETH'
    throw new InvalidOptionError({ option: '--seed', text, reason, hint })
  }
  return { address: parseAddress(address), amount: parseAmount(amount) }
}

function parsePolicy(text: string): PolicyName {
  const policy = policyNames.find((name) => name === text.toLowerCase())
  if (policy) return policy
  const hint = `Choose one of ${policyNames.join(', ')}.`
  throw new InvalidOptionError({
    option: '--policy',
    text,
    reason: 'there is no such policy',
    hint,
  })
}

function asList(value: OptionValue): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function outputStyle(): { width: number; colours: boolean; timeZone: string } {
  const { columns, isTTY } = process.stdout
  return { width: isTTY ? columns : 200, colours: isTTY ?? false, timeZone: 'UTC' }
}
