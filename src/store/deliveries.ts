import { type ExpressionBuilder, sql } from 'kysely'
import type { Telling } from '#types/alert.ts'
import type { MessageRef } from '#types/chat.ts'
import type { Message } from '#types/message.ts'
import type { Delivery, DeliveryKey } from '#types/store.ts'
import type { Topic } from '#types/topic.ts'
import { insertNewRows, upsertRows } from './bulk.ts'
import { decode, decodeInt, encode } from './codec.ts'
import type { DeliveryState, Schema, Tx } from './schema.ts'

/** Written out: an index on what is pending serves no query whose state is bound later. */
const pending = sql.lit<DeliveryState>('pending')

/** Names of messages that hold the hops behind a card. */
const ledgerAlerts = '%:ledger:%'

/** Messages in which nothing has changed that must be seen at once. No text in one can look like this: its quotes are escaped. */
const quietMessages = '%"isQuiet":true%'

/** One delivery of each telling for each of its channels; those decided before stay as they are. */
export async function saveTellings(
  tx: Tx,
  tellings: readonly Telling[],
  { now }: { now: number },
): Promise<void> {
  if (tellings.length === 0) return
  const messages = tellings.map(({ alert, revision, message, topic, parent = null }) => ({
    alert,
    revision,
    message: encode(message),
    topic,
    parent,
  }))
  await insertNewRows(tx, 'telling', messages)
  const { last } = await tx
    .selectFrom('delivery')
    .select(({ fn }) => fn.max('seq').as('last'))
    .executeTakeFirstOrThrow()
  let seq = Number(last ?? 0)
  const rows = tellings.flatMap(({ alert, revision, channels }) =>
    channels.map((channel) => ({
      alert,
      revision,
      channel,
      state: 'pending' as const,
      seq: ++seq,
      attempts: 0,
      decided_at: now,
      next_attempt_at: null,
      sent_at: null,
      error: null,
    })),
  )
  await insertNewRows(tx, 'delivery', rows)
}

/** What is due in a channel, in the order in which it was decided; a later revision waits for the earlier one. */
export async function readDue(
  tx: Tx,
  {
    channel,
    now,
    limit,
    isNewest = false,
  }: { channel: string; now: number; limit: number; isNewest?: boolean },
): Promise<Delivery[]> {
  const due = tx
    .selectFrom('delivery')
    .innerJoin('telling', (join) =>
      join
        .onRef('telling.alert', '=', 'delivery.alert')
        .onRef('telling.revision', '=', 'delivery.revision'),
    )
    .leftJoin('posted', (join) =>
      join
        .onRef('posted.alert', '=', 'delivery.alert')
        .onRef('posted.channel', '=', 'delivery.channel'),
    )
    .leftJoin('posted as above', (join) =>
      join
        .onRef('above.alert', '=', 'telling.parent')
        .onRef('above.channel', '=', 'delivery.channel'),
    )
    .select(['delivery.alert', 'delivery.revision', 'delivery.decided_at'])
    .select((eb) =>
      eb
        .selectFrom('delivery as same')
        .select(({ fn }) => fn.max('same.attempts').as('most'))
        .where('same.state', '=', pending)
        .whereRef('same.alert', '=', 'delivery.alert')
        .whereRef('same.channel', '=', 'delivery.channel')
        .as('attempts'),
    )
    .select([
      'telling.message',
      'telling.topic',
      'telling.parent',
      'posted.ref',
      'above.ref as thread',
    ])
    .where('delivery.channel', '=', channel)
    .where('delivery.state', '=', pending)
    .where(({ eb, or }) =>
      or([eb('delivery.next_attempt_at', 'is', null), eb('delivery.next_attempt_at', '<=', now)]),
    )
    .where(({ exists, not }) =>
      not(
        exists((eb) =>
          eb
            .selectFrom('delivery as other')
            .select(sql.lit(1).as('one'))
            .where('other.state', '=', pending)
            .whereRef('other.alert', '=', 'delivery.alert')
            .whereRef('other.channel', '=', 'delivery.channel')
            .whereRef('other.revision', isNewest ? '>' : '<', 'delivery.revision'),
        ),
      ),
    )
  const ordered = isNewest
    ? due
        .orderBy((eb) =>
          eb.case().when('delivery.alert', 'like', ledgerAlerts).then(1).else(0).end(),
        )
        .orderBy((eb) => eb.case().when('posted.ref', 'is', null).then(0).else(1).end())
        .orderBy((eb) =>
          eb.case().when('telling.message', 'like', quietMessages).then(1).else(0).end(),
        )
    : due
  const rows = await ordered.orderBy('delivery.seq').limit(limit).execute()
  return rows.map((row) => deliveryOf(row, channel))
}

type DueRow = Record<'alert' | 'message' | 'topic', string> &
  Record<'ref' | 'parent' | 'thread', string | null> &
  Record<'revision' | 'decided_at', string | number | bigint> & {
    attempts: string | number | bigint | null
  }

function deliveryOf(row: DueRow, channel: string): Delivery {
  const { alert, revision, attempts, message, ref, topic, parent, thread, decided_at } = row
  const what = `the message of the alert "${alert}"`
  return {
    alert,
    revision: decodeInt(revision, what),
    channel,
    message: decode<Message>(message, what, { sections: 'object' }),
    topic: topic as Topic,
    parent,
    ref: ref === null ? null : decode<MessageRef>(ref, what),
    thread: thread === null ? null : decode<MessageRef>(thread, what),
    decidedAt: decodeInt(decided_at, what),
    attempts: decodeInt(attempts ?? 0, what),
  }
}

/** Channels of a chat (`slack` has `slack:C1`) to which something is pending. */
export async function readPendingChannels(tx: Tx, chat: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('delivery')
    .select('channel')
    .distinct()
    .where('state', '=', pending)
    .where(({ eb, or, and }) =>
      or([
        eb('channel', '=', chat),
        // A semicolon comes right after the colon.
        and([eb('channel', '>=', `${chat}:`), eb('channel', '<', `${chat};`)]),
      ]),
    )
    .orderBy('channel')
    .execute()
  return rows.map(({ channel }) => channel)
}

export async function readNextAttempt(tx: Tx, channel: string): Promise<number | null> {
  const { next } = await tx
    .selectFrom('delivery')
    .select(({ fn }) => fn.min('next_attempt_at').as('next'))
    .where('channel', '=', channel)
    .where('state', '=', pending)
    .where('next_attempt_at', 'is not', null)
    .executeTakeFirstOrThrow()
  return next === null ? null : Number(next)
}

/** Also where it was given up meanwhile. @throws RangeError where there is no such delivery */
export async function saveSent(
  tx: Tx,
  key: DeliveryKey,
  { ref, now }: { ref: MessageRef | null; now: number },
): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('delivery')
    .set({ state: 'sent', sent_at: now, next_attempt_at: null, error: null })
    .where(isDelivery(key))
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) throw new RangeError(`There is no delivery ${JSON.stringify(key)}.`)
  const { alert, channel, revision } = key
  await tx
    .updateTable('delivery')
    .set({ state: 'sent', sent_at: now, next_attempt_at: null, error: null })
    .where('alert', '=', alert)
    .where('channel', '=', channel)
    .where('revision', '<', revision)
    .where('state', '=', pending)
    .execute()
  if (ref !== null) await upsertRows(tx, 'posted', [{ alert, channel, ref: encode(ref) }])
}

/** What stands of a case in channels, or is on its way there. */
export async function readPosted(
  tx: Tx,
  caseId: string,
): Promise<{ alert: string; channel: string; revision: number }[]> {
  const rows = await tx
    .selectFrom('delivery')
    .select(['alert', 'channel'])
    .select(({ fn }) => fn.max('revision').as('last'))
    // A semicolon comes right after the colon.
    .where('alert', '>=', `${caseId}:`)
    .where('alert', '<', `${caseId};`)
    .groupBy(['alert', 'channel'])
    .orderBy('alert')
    .orderBy('channel')
    .execute()
  return rows.map(({ alert, channel, last }) => {
    return { alert, channel, revision: decodeInt(last ?? 0, `a delivery of "${alert}"`) }
  })
}

export async function saveTried(
  tx: Tx,
  { attempts, ...key }: DeliveryKey & Pick<Delivery, 'attempts'>,
): Promise<void> {
  await tx
    .updateTable('delivery')
    .set({ attempts: attempts + 1 })
    .where(isDelivery(key))
    .where('state', '=', pending)
    .execute()
}

/** Of a delivery that is done already nothing changes. */
export async function saveFailed(
  tx: Tx,
  key: DeliveryKey,
  { error, retryAt, attempts }: { error: string; retryAt: number | null; attempts: number },
): Promise<void> {
  await tx
    .updateTable('delivery')
    .set({
      state: retryAt === null ? 'failed' : 'pending',
      attempts,
      next_attempt_at: retryAt,
      error: storable(error),
    })
    .where(isDelivery(key))
    .where('state', '=', pending)
    .execute()
}

function isDelivery({ alert, revision, channel }: DeliveryKey) {
  return ({ eb, and }: ExpressionBuilder<Schema, 'delivery'>) =>
    and([eb('alert', '=', alert), eb('revision', '=', revision), eb('channel', '=', channel)])
}

/** PostgreSQL takes no zero character in a text. */
function storable(text: string): string {
  return text.replaceAll('\0', '\u{fffd}').toWellFormed()
}

/** Whether an alert stands in any channel. */
export async function readIsPosted(tx: Tx, alert: string): Promise<boolean> {
  const row = await tx
    .selectFrom('posted')
    .select('channel')
    .where('alert', '=', alert)
    .executeTakeFirst()
  return row !== undefined
}

export async function readCounts(
  tx: Tx,
): Promise<{ pending: number; sent: number; failed: number }> {
  const rows = await tx
    .selectFrom('delivery')
    .select(['state', ({ fn }) => fn.countAll<number | string | bigint>().as('count')])
    .groupBy('state')
    .execute()
  const counts = { pending: 0, sent: 0, failed: 0 }
  for (const { state, count } of rows) counts[state] = Number(count)
  return counts
}
