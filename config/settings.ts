import type { z } from 'zod'
import type { bridgeApis } from '#config/chains/bridges.ts'
import { quote } from '#errors/quote.ts'
import { UserError } from '#errors/userError.ts'
import type { Case } from '#types/case.ts'
import type { Chain } from '#types/chain.ts'
import type { House, HouseRules } from '#types/houseRules.ts'
import type { LabelList } from '#types/label.ts'
import {
  type DiscordSettings,
  discordSchema,
  type SlackSettings,
  slackSchema,
} from './settings/chatSchema.ts'
import { checkShape } from './settings/checkShape.ts'
import { createFaults, type Faults } from './settings/faults.ts'
import { listSecrets } from './settings/listSecrets.ts'
import { readJson } from './settings/readJson.ts'
import { type ChainSettings, caseSchema, chainSchema, fileSchema } from './settings/schema.ts'
import { substitute } from './settings/substitute.ts'
import { toCase } from './settings/toCase.ts'
import { toChain } from './settings/toChain.ts'
import { toHouse } from './settings/toHouse.ts'

/** A node that answers JSON-RPC over HTTP. */
export type ProviderSettings = {
  url: string
  /** How it is asked for what contracts told; found out where it is left out. */
  receipts?: 'receipts' | 'logs'
  traces?: 'auto' | 'debug' | 'parity' | 'none'
  /** What a node of Bitcoin speaks. @default core */
  api?: 'core' | 'esplora'
  requestsPerSecond?: number
}

/** What evidence is signed with and where the house keeps its copy; relative to the working folder. */
export type EvidenceSettings = { keyFile: string; folder: string }

export type LiveChain = {
  chain: Chain
  /** The preferred one first. */
  providers: ProviderSettings[]
  websocket?: string
  /** An API of Etherscan's kind that tells in which blocks addresses have moved. */
  history?: { url: string; key?: string; requestsPerSecond?: number }
  /** Milliseconds between two questions for a new head. */
  pollMs: number
}

/** What a live installation follows and by which nodes. */
export type Settings = {
  /** A file; a relative one lies in the working folder. */
  database: string
  chains: LiveChain[]
  cases: Case[]
  rules: HouseRules
  house: House
  /** `null` where Posse does not talk there. */
  slack: SlackSettings | null
  discord: DiscordSettings | null
  /** `null` where no evidence is made. */
  evidence: EvidenceSettings | null
  /** An API of DefiLlama's kind; `null` where figures go without prices. */
  prices: { url: string } | null
  /** APIs of bridges, which are asked what their chains do not say. */
  bridgeApis: readonly { protocol: (typeof bridgeApis)[number]; url: string }[]
  /** Lists of labels beside those that ship. */
  labels: LabelList[]
  /** Every text that must never be logged, longest first. */
  secrets: string[]
}

/**
 * The settings of a live installation. Every fault is told at once, each with its place, what was found and what to do;
 * of URLs the hosts alone, and nothing of what the environment holds.
 * @throws FileNotReadableError, UserError
 */
export function readSettings(file: string, env: NodeJS.ProcessEnv): Settings {
  const written = readJson(file)
  const faults = createFaults(written)
  const { value, used } = substitute(written, { env, faults })
  const outer = checkShape(value, { schema: fileSchema, path: [], faults })
  const chains = readChains(listIn(value, 'chains'), faults)
  const cases = readCases(listIn(value, 'cases'), { chains, faults })
  const own = toHouse(value, { file, faults })
  if (own.rules.stepUp === 'totp' && !env.POSSE_KEY) {
    faults.add(
      ['rules', 'stepUp'],
      'needs the variable POSSE_KEY: set it to what "openssl rand -hex 32" prints',
    )
  }
  const { slack, discord } = readChats(outer, faults)
  const found = faults.list()
  if (!outer || found.length > 0) {
    const count = found.length === 1 ? 'a fault' : `${found.length} faults`
    throw new UserError(`The settings file ${quote(file)} has ${count}: ${found.join('; ')}.`, {
      hint: 'Compare it with posse.config.example.json; nothing was started.',
    })
  }
  const live = [...chains.values()].flatMap((given) => given ?? [])
  const feeds = own.house.feeds.flatMap(({ from }) => ('url' in from ? from.url : []))
  const keys = live.flatMap(({ history }) => history?.key ?? [])
  const apis = [outer.prices, ...(outer.bridgeApis ?? [])].flatMap((api) => api?.url ?? [])
  const urls = live.flatMap(({ providers, websocket, history }) => [
    ...providers.map(({ url }) => url),
    ...(history ? [history.url] : []),
    ...(websocket ? [websocket] : []),
  ])
  return {
    database: outer.database,
    chains: live,
    cases,
    ...own,
    slack,
    discord,
    evidence: outer.evidence ?? null,
    prices: outer.prices ?? null,
    bridgeApis: outer.bridgeApis ?? [],
    secrets: listSecrets({
      urls: [...urls, ...feeds, ...apis],
      values: [...used, ...keys, ...tokensOf(slack), ...(discord ? [discord.token] : [])],
    }),
  }
}

function readChats(
  outer: { slack?: unknown; discord?: unknown } | undefined,
  faults: Faults,
): { slack: SlackSettings | null; discord: DiscordSettings | null } {
  const read = <Schema extends z.ZodType>(value: unknown, schema: Schema, name: string) =>
    value === undefined ? undefined : checkShape(value, { schema, path: [name], faults })
  return {
    slack: read(outer?.slack, slackSchema, 'slack') ?? null,
    discord: read(outer?.discord, discordSchema, 'discord') ?? null,
  }
}

/** Also those that were written into the file itself. */
function tokensOf(slack: SlackSettings | null): string[] {
  const parts = slack ? { ...slack.tokens, ...slack.transport } : {}
  return Object.entries(parts).flatMap(([name, value]) =>
    /(?:token|secret|key)$/i.test(name) ? String(value) : [],
  )
}

/** Chains by id; `undefined` where the file has the chain with a fault in it. */
function readChains(given: readonly unknown[], faults: Faults): Map<string, LiveChain | undefined> {
  const chains = new Map<string, LiveChain | undefined>()
  given.forEach((item, at) => {
    const path = ['chains', at]
    const settings = checkShape(item, { schema: chainSchema, path, faults })
    const id = settings?.id ?? idOf(item)
    if (id !== undefined && chains.has(id)) {
      faults.refuse([...path, 'id'], 'the chain is listed above, put all its nodes there')
      return
    }
    const chain = settings && toChain(settings, { path, faults })
    if (id !== undefined) chains.set(id, chain && settings && toLive(chain, settings))
  })
  return chains
}

function toLive(chain: Chain, { rpc, websocket, history, pollMs }: ChainSettings): LiveChain {
  const providers = rpc.map(({ url, receipts, traces, api, requestsPerSecond }) => ({
    url,
    ...(receipts && { receipts }),
    ...(traces && { traces }),
    ...(api && { api }),
    ...(requestsPerSecond !== undefined && { requestsPerSecond }),
  }))
  return {
    chain,
    providers,
    ...(websocket !== undefined && { websocket }),
    ...(history && { history: withoutUndefined(history) }),
    pollMs,
  }
}

function withoutUndefined({
  url,
  key,
  requestsPerSecond,
}: NonNullable<ChainSettings['history']>): NonNullable<LiveChain['history']> {
  return {
    url,
    ...(key !== undefined && { key }),
    ...(requestsPerSecond !== undefined && { requestsPerSecond }),
  }
}

function readCases(
  given: readonly unknown[],
  { chains, faults }: { chains: ReadonlyMap<string, LiveChain | undefined>; faults: Faults },
): Case[] {
  const ids = new Set<string>()
  return given.flatMap((item, at) => {
    const path = ['cases', at]
    const settings = checkShape(item, { schema: caseSchema, path, faults })
    const id = settings?.id ?? idOf(item)
    if (id !== undefined && ids.has(id)) {
      faults.refuse([...path, 'id'], 'a case of that id is listed above, choose another one')
    }
    if (id !== undefined) ids.add(id)
    if (!settings) return []
    const live = chains.get(settings.chain)
    if (live) return toCase(settings, { chain: live.chain, path, faults }) ?? []
    if (chains.size > 0 && !chains.has(settings.chain)) {
      faults.refuse([...path, 'chain'], 'no such chain is listed under chains, add it there')
    }
    return []
  })
}

/** Also of a file that does not fit otherwise, to tell all its faults at once. */
function listIn(value: unknown, key: 'chains' | 'cases'): unknown[] {
  const list =
    typeof value === 'object' && value !== null && new Map(Object.entries(value)).get(key)
  return Array.isArray(list) ? list : []
}

/** The id of something that does not fit otherwise. */
function idOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null || !('id' in item)) return undefined
  return typeof item.id === 'string' ? item.id : undefined
}
