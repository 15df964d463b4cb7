import { readLabels } from '#adapters/labels/readLabels.ts'
import { bridgeLabels, labelBridge } from '#config/chains/bridges.ts'
import { labelLists } from '#config/labels/index.ts'
import { library } from '#config/library/index.ts'
import { rules as shippedRules } from '#config/rules.ts'
import { openCase, openingChange, resumeCase } from '#src/case/openCase.ts'
import { rulesOf } from '#src/case/rulesOf.ts'
import { withSwapAssets } from '#src/case/withSwapAssets.ts'
import type { Context } from '#src/context.ts'
import { layersOf } from '#src/label/layersOf.ts'
import type { Case } from '#types/case.ts'
import type { Chain } from '#types/chain.ts'
import type { House } from '#types/houseRules.ts'
import type { Label, LabelList } from '#types/label.ts'
import type { OpenCase } from '#types/openCase.ts'
import { topics } from '#types/topic.ts'
import { createBell } from '#utils/createBell.ts'
import { createDoorkeeper } from '#utils/createDoorkeeper.ts'
import { createTurns } from '#utils/createTurns.ts'
import { indexLabels, type LabelIndex } from '#utils/indexLabels.ts'
import { layerLabels } from '#utils/layerLabels.ts'

const noHouse: House = { organizations: [], members: [], routes: [], feeds: [] }

/** Nobody follows anything, as in a test of commands. */
const noFollower: Context['follower'] = {
  readerOf: () => undefined,
  chains: () => [],
  start: () => undefined,
  stop: async () => undefined,
}

/**
 * Everything that a unit is handed. Cases go on where the store says they stand; new ones are opened in it, and so are
 * those that people opened by command.
 */
export async function createContext({
  cases,
  chains,
  rules = shippedRules,
  house = noHouse,
  follower = noFollower,
  sealingKey = null,
  evidence = null,
  prices = null,
  bridgeApis = new Map(),
  labels,
  ...given
}: Pick<Context, 'chats' | 'log' | 'now' | 'store'> & {
  cases: readonly Case[]
  chains: readonly Chain[]
  labels: LabelIndex
  /** @default the rules that ship */
  rules?: Context['rules']
  /** @default nobody belongs to it */
  house?: House
  /** @default nothing is followed */
  follower?: Context['follower']
  /** @default none */
  sealingKey?: Context['sealingKey']
  /** @default none */
  evidence?: Context['evidence']
  /** @default none */
  prices?: Context['prices']
  /** @default none */
  bridgeApis?: Context['bridgeApis']
}): Promise<Context> {
  const standing = await given.store.readStanding()
  const context = {
    ...given,
    cases: new Map(),
    chains: new Map(chains.map((chain) => [chain.id, chain])),
    rules,
    house,
    follower,
    sealingKey,
    evidence,
    prices,
    bridgeApis,
    standing,
    turns: createTurns(),
    doorkeeper: createDoorkeeper(),
    labels: layerLabels(labels, layersOf({ standing, house }, given.now())),
    outbox: createBell(),
  } as unknown as Context
  context.whole = context
  for (const chat of context.chats) await welcomeChannel(context, chat.home)
  const opened = [...standing.case.values()].flatMap((file) => file.case ?? [])
  for (const theft of [...cases, ...opened]) {
    if (context.chains.has(theft.chain)) {
      context.cases.set(theft.id, await openSaved(context, theft))
    }
  }
  return context
}

/** A channel of the house's own hears everything until it says otherwise. */
async function welcomeChannel(context: Context, channel: string | undefined): Promise<void> {
  if (channel === undefined || context.standing.channel.has(channel)) return
  const by = { account: 'posse', name: 'Posse', organization: null, at: 0 }
  const subscription = { channel, caseId: '*', topics, min: null, chain: null, by }
  const settings = {
    channel,
    form: 'full',
    layout: 'thread',
    digest: 'daily',
    timeZone: null,
  } as const
  const key = `${channel} *`
  await context.store.saveDecision(
    {
      standing: [
        { kind: 'subscription', key, value: subscription },
        { kind: 'channel', key: channel, value: settings },
      ],
    },
    { now: context.now() },
  )
  context.standing.subscription.set(key, subscription)
  context.standing.channel.set(channel, settings)
}

/** The case as the store has it, or opened in it. */
async function openSaved(context: Context, given: Case): Promise<OpenCase> {
  const { store } = context
  const theft = withSwapAssets(context, given)
  const saved = await store.readCase(theft.id)
  if (saved) return resumeCase(theft, saved)
  const open = openCase(theft, rulesOf(context, theft))
  await store.saveChanges([openingChange(open)], { now: context.now() })
  return open
}

/**
 * The labels that ship, and those of the house. They grow stale by the calendar of the person who reads them, also while
 * an old theft replays.
 */
export async function readShippedLabels(
  today: Date,
  {
    own = [],
    bridges = [],
  }: {
    own?: readonly LabelList[]
    /** Contracts of bridges that the settings name. @default none */
    bridges?: readonly { contract: string; protocol: string }[]
  } = {},
): Promise<LabelIndex> {
  const lists: Label[][] = await Promise.all(
    [...labelLists, ...library, ...own].map(({ file, date, staleAfterDays, ...list }) => {
      const days = (today.getTime() - Date.parse(date)) / 86_400_000
      return readLabels(file, { ...list, date, isStale: days > staleAfterDays })
    }),
  )
  const shipped = new Set(bridgeLabels.map(({ address }) => address))
  const named = bridges.filter(({ contract }) => !shipped.has(contract)).map(labelBridge)
  return indexLabels([...lists.flat(), ...bridgeLabels, ...named])
}
