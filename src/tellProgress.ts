import { type CatchUp, estimateCatchUp } from '#chain/estimateCatchUp.ts'
import type { Chain } from '#types/chain.ts'
import type { ChannelId, MessageRef } from '#types/chat.ts'
import type { Message } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import { formatDuration } from '#utils/formatTime.ts'
import { channelsOf } from './channel/channelsOf.ts'
import type { Context } from './context.ts'

/** Being fewer blocks behind is over before anybody has read about it. */
const manyBlocks = 200

/** Time between two words about the same catching up. */
const tellEveryMs = 15_000

export type Progress = {
  /** Takes note of a block; answers how far the loop is behind. */
  take(number: number, head: number): CatchUp
}

/** Tells the channels of its cases how a loop catches up with its chain: one message, edited as it goes. */
export function createProgress(
  context: Pick<Context, 'chats' | 'house' | 'log' | 'rules' | 'standing'>,
  { chain, cases, from }: { chain: Chain | undefined; cases: readonly OpenCase[]; from: number },
): Progress {
  const { chats, log } = context
  const startedAt = performance.now()
  const refs = new Map<ChannelId, Promise<MessageRef>>()
  let toldAt: number | null = null

  function tell(catchUp: CatchUp): void {
    const message = describe(chain?.name ?? 'the chain', catchUp)
    const ids = cases.map(({ case: { id } }) => id)
    for (const channel of channelsOf(context, { cases: ids, topic: 'blind' })) {
      const chat = chats.find(({ name }) => channel === name || channel.startsWith(`${name}:`))
      if (!chat) continue
      const ref = refs.get(channel)
      const shown = ref
        ? ref.then((posted) => chat.edit(posted, message, { channel }))
        : chat.post(message, { channel })
      if (!ref) refs.set(channel, shown as Promise<MessageRef>)
      shown.catch((error: unknown) => {
        // The next word is a message of its own.
        refs.delete(channel)
        log.warn({ err: error, channel }, 'No progress shown')
      })
    }
  }

  return {
    take(number, head) {
      const elapsedMs = performance.now() - startedAt
      const catchUp = estimateCatchUp({ from, number, head, elapsedMs })
      const isDue = toldAt === null ? catchUp.left >= manyBlocks : elapsedMs - toldAt >= tellEveryMs
      if (isDue || (toldAt !== null && catchUp.left === 0)) {
        toldAt = catchUp.left === 0 ? null : elapsedMs
        tell(catchUp)
      }
      return catchUp
    },
  }
}

function describe(name: string, { left, done, secondsLeft }: CatchUp): Message {
  const blocks = left.toLocaleString('en')
  const title =
    left === 0
      ? `Caught up with ${name}`
      : `Catching up with ${name}: ${blocks} blocks left, ${Math.floor(done * 100)} % done`
  const rest = secondsLeft === null ? '' : `, about ${formatDuration(Math.ceil(secondsLeft))} left`
  return { title: left === 0 ? title : title + rest, severity: 'info', sections: [] }
}
