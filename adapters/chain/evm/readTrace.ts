import { refuse } from './checkBlock.ts'
import { type Fields, isAddress, isAmount, isFields, isHash, isNumber } from './fields.ts'
import type { RawLog, RawTransaction } from './raw.ts'

/** What happened inside a transaction, in true order: a payment of the native asset, or the log at a place of its receipt. */
export type Step = { from: string; to: string; amount: string } | { log: number }

/** A call as both kinds of tracers tell it. */
type Frame = {
  /** Who pays: nothing in calls that run code in the name of their caller. */
  payment: { from: string; to: string; amount: string } | null
  /** In whose name the code runs: what it logs is logged under this address. */
  context: string
  isFailed: boolean
  calls: Frame[]
  /** How many of the calls came before each log; `null` where the tracer tells no logs. */
  logsAfter: number[] | null
}

/** Deeper than the machine lets calls be nested. */
const maxDepth = 1_100

type Traced = { transaction: RawTransaction; logs: readonly RawLog[] }

/**
 * The steps of a `callTracer` answer; the first is what the transaction itself pays.
 * @throws NodeFailure where it is none, or of another transaction
 */
export function readCallTrace(answer: unknown, traced: Traced): Step[] {
  return order(frameOfCall(answer, 0), traced)
}

/**
 * The steps of the flat answer of `trace_transaction`, which has no logs: they are put where their contracts were called.
 * @throws NodeFailure
 */
export function readFlatTrace(answer: readonly unknown[], traced: Traced): Step[] {
  const places = new Map<string, Frame>()
  let root: Frame | undefined
  for (const each of answer) {
    if (!isFields(each) || !Array.isArray(each.traceAddress)) throw refuse('a broken trace')
    // Rewards of a block stand among its traces.
    if (each.type === 'reward') continue
    const frame = frameOfFlat(each)
    const path = each.traceAddress.join()
    places.set(path, frame)
    if (path === '') root = frame
    else {
      const parent = places.get(each.traceAddress.slice(0, -1).join())
      if (!parent) throw refuse('a trace out of order')
      parent.calls.push(frame)
    }
  }
  if (!root) throw refuse('a trace without its first call')
  return order(root, traced)
}

function frameOfCall(value: unknown, depth: number): Frame {
  if (!isFields(value) || depth > maxDepth) throw refuse('a broken trace')
  const { type, from, calls = [], logs } = value
  const kind = typeof type === 'string' ? type : ''
  if (!isAddress(from) || !Array.isArray(calls)) throw refuse('a broken trace')
  const isFailed = value.error !== undefined && value.error !== null
  const to = isAddress(value.to) ? value.to.toLowerCase() : ''
  // A creation that failed has no address.
  if (to === '' && !isFailed) throw refuse('a call to nobody in a trace')
  const pays = ['CALL', 'CREATE', 'CREATE2', 'SELFDESTRUCT'].includes(kind)
  const isOwn = kind !== 'DELEGATECALL' && kind !== 'CALLCODE'
  return {
    payment: pays ? { from: from.toLowerCase(), to, amount: readAmount(value.value) } : null,
    context: isOwn ? to : from.toLowerCase(),
    isFailed,
    calls: calls.map((each) => frameOfCall(each, depth + 1)),
    logsAfter: logs === undefined ? [] : readPositions(logs),
  }
}

function readPositions(logs: unknown): number[] | null {
  if (!Array.isArray(logs)) throw refuse('a broken trace')
  const positions = logs.map((log) =>
    isFields(log) && isNumber(log.position) ? Number(log.position) : null,
  )
  // Older nodes tell logs without their places.
  return positions.every((position) => position !== null) ? positions : null
}

function frameOfFlat({ type, action, result, error }: Fields): Frame {
  if (!isFields(action)) throw refuse('a broken trace')
  const isFailed = error !== undefined && error !== null
  const common = { isFailed, calls: [], logsAfter: null }
  if (type === 'suicide') {
    const { address, refundAddress, balance } = action
    if (!isAddress(address) || !isAddress(refundAddress)) throw refuse('a broken trace')
    const payment = {
      ...{ from: address.toLowerCase(), to: refundAddress.toLowerCase() },
      amount: readAmount(balance),
    }
    return { ...common, payment, context: payment.from }
  }
  const made = isFields(result) && isAddress(result.address) ? result.address : ''
  const to = type === 'create' ? made : action.to
  const { from, callType } = action
  if (!isAddress(from) || !(isAddress(to) || isFailed)) throw refuse('a broken trace')
  const payee = isAddress(to) ? to.toLowerCase() : ''
  const pays = type === 'create' || callType === 'call'
  const isOwn = callType !== 'delegatecall' && callType !== 'callcode'
  return {
    ...common,
    payment: pays
      ? { from: from.toLowerCase(), to: payee, amount: readAmount(action.value) }
      : null,
    context: isOwn ? payee : from.toLowerCase(),
  }
}

function readAmount(value: unknown): string {
  if (value === undefined || value === null) return '0x0'
  if (!isAmount(value)) throw refuse('a broken amount in a trace')
  return value
}

/** What fails is left out with all that it called. */
function order(root: Frame, { transaction, logs }: Traced): Step[] {
  const { from, to, value } = transaction
  const isOther =
    root.payment?.from !== from.toLowerCase() ||
    BigInt(root.payment.amount) !== BigInt(value) ||
    (to ? root.payment.to !== to.toLowerCase() : false)
  // A receipt that says otherwise comes from another node.
  if (isOther || root.isFailed) throw refuse('a trace of another transaction')
  const exact = walk(root)
  if (exact && exact.filter((step) => 'log' in step).length === logs.length) return exact
  return alignLogs(root, logs)
}

/** The steps as the tracer orders them; `null` where it does not tell where logs are. */
function walk(root: Frame): Step[] | null {
  const steps: Step[] = []
  let next = 0
  let isTold = true
  function enter({ payment, calls, logsAfter }: Frame): void {
    if (payment) steps.push(payment)
    if (logsAfter === null) isTold = false
    for (let place = 0; place <= calls.length; place++) {
      for (const after of logsAfter ?? []) {
        if (after !== place) continue
        steps.push({ log: next })
        next += 1
      }
      const call = calls[place]
      if (call && !call.isFailed) enter(call)
    }
  }
  enter(root)
  return isTold ? steps : null
}

/** Each log goes behind the next call in whose name it can have been written. */
function alignLogs(root: Frame, logs: readonly RawLog[]): Step[] {
  const frames: Frame[] = []
  function enter(frame: Frame): void {
    frames.push(frame)
    for (const call of frame.calls) if (!call.isFailed) enter(call)
  }
  enter(root)
  const behind = frames.map((): number[] => [])
  let at = 0
  for (const [log, { address }] of logs.entries()) {
    const from = behind[at]?.length ? at + 1 : at
    const next = frames.findIndex(
      ({ context }, place) => place >= from && context === address.toLowerCase(),
    )
    if (next >= 0) at = next
    behind[at]?.push(log)
  }
  return frames.flatMap(({ payment }, place) => [
    ...(payment ? [payment] : []),
    ...(behind[place] ?? []).map((log) => ({ log })),
  ])
}

/** The traces of a whole block by transaction hash, as either tracer tells them. @throws NodeFailure */
export function splitBlockTrace(
  answer: unknown,
  { mode, hashes }: { mode: 'debug' | 'parity'; hashes: readonly string[] },
): Map<string, unknown> {
  if (!Array.isArray(answer)) throw refuse('traces that are no list')
  if (mode === 'debug') {
    return new Map(
      answer.map((each, place) => {
        if (!isFields(each) || !isFields(each.result)) throw refuse('a broken trace of a block')
        const hash = isHash(each.txHash) ? each.txHash : (hashes[place] ?? '')
        return [hash, each.result]
      }),
    )
  }
  const found = new Map<string, unknown[]>()
  for (const each of answer) {
    if (!isFields(each)) throw refuse('a broken trace of a block')
    if (!isHash(each.transactionHash)) continue
    const known = found.get(each.transactionHash) ?? []
    found.set(each.transactionHash, known)
    known.push(each)
  }
  return found
}
