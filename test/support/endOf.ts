import type { MemoryChat } from '#adapters/chat/memory.ts'
import type { Context } from '#src/context.ts'
import type { Address } from '#types/chain.ts'
import type { Message } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Store } from '#types/store.ts'
import type { Account, SavedLedgerChange } from '#types/trail.ts'
import { createAddressSet } from '#utils/createAddressSet.ts'
import { addressesIn } from './followRows.ts'

/** Where a case stands, in the store and, where all of it is there, in memory: in a form in which two runs compare. */
export async function endOf({ store }: Pick<Context, 'store'>, open: OpenCase) {
  const { id } = open.case
  const saved = await store.readCase(id)
  if (!saved) throw new Error(`The case "${id}" was saved.`)
  const accounts = new Map<string, Account[]>()
  for (const { asset } of saved.ledgers) {
    const all: Account[] = []
    for await (const page of store.scanAccounts(id, asset)) all.push(...page)
    accounts.set(asset, all)
  }
  return {
    head: saved.head,
    ledgers: saved.ledgers,
    accounts,
    groups: saved.groups,
    watched: addressesIn(createAddressSet(saved.watched)),
    hops: await store.readHops(id),
    seen: await store.readSeen(id),
  }
}

/** What memory holds of a case, in the form of `endOf`; with accounts in the store alone they are left out. */
export function memoryOf(open: OpenCase) {
  const ledgers = [...open.trail.ledgers.values()]
  const accounts = ledgers.map(({ asset, accounts: at }): [string, Account[]] => [
    asset,
    [...at.values()].sort((a, b) => (a.address < b.address ? -1 : 1)),
  ])
  return {
    head: open.head,
    ledgers: ledgers.map(
      ({ accounts: _accounts, dust: _dust, policies: _policies, ...books }) => books,
    ),
    accounts: new Map(accounts),
    groups: open.groups,
    watched: addressesIn(open.watched),
  }
}

/** What each address in memory got of the dropped, by asset. */
export function dustOf({ trail }: OpenCase): Map<string, Map<Address, bigint>> {
  return new Map([...trail.ledgers.values()].map(({ asset, dust }) => [asset, dust]))
}

/** A store that says what is saved in it, and under which ref each alert is shown. */
export function spyOn(
  store: Store,
  { onLedger = () => undefined }: { onLedger?: (ledger: SavedLedgerChange) => void } = {},
) {
  /** Refs of the messages of each alert. */
  const refs = new Map<string, Set<string>>()
  const spied: Store = {
    ...store,
    async saveChanges(changes, options) {
      for (const { ledgers } of changes) for (const ledger of ledgers) onLedger(ledger)
      await store.saveChanges(changes, options)
    },
    async markSent(key, options) {
      const known = refs.get(key.alert) ?? new Set()
      if (options.ref !== null) refs.set(key.alert, known.add(options.ref))
      await store.markSent(key, options)
    },
  }
  return { store: spied, refs }
}

/** What a chat shows of each alert, without how sure it is. Fails where an alert has two messages or a message two. */
export function shownIn(
  chat: MemoryChat,
  refs: ReadonlyMap<string, ReadonlySet<string>>,
): Map<string, Message> {
  const all = [...refs.values()].flatMap((each) => [...each])
  if (all.length !== refs.size) throw new Error('An alert is shown twice.')
  if (new Set(all).size !== all.length) throw new Error('Two alerts share a message.')
  if (all.length !== chat.messages.length) throw new Error('A message belongs to no alert.')
  const messages = new Map(chat.messages.map(({ ref, message }) => [ref, message]))
  return new Map(
    [...refs].map(([alert, [ref = '']]) => {
      const message = messages.get(ref)
      if (!message) throw new Error(`The message of the alert "${alert}" is gone.`)
      return [alert, withoutState(message)]
    }),
  )
}

export function isRetracted({ title }: Message): boolean {
  return JSON.stringify(title).includes(': retracted: ')
}

/** A message without what a later block or the restart of a node makes surer. */
function withoutState({ isQuiet: _quiet, ...message }: Message): Message {
  return {
    ...message,
    sections: message.sections.map((section) =>
      section.type === 'fields'
        ? { ...section, fields: section.fields.filter(({ name }) => name !== 'State') }
        : section,
    ),
  }
}
