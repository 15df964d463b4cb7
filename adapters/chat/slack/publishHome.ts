import type { webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import type { Desk } from '#types/desk.ts'
import { describeFailure } from './describeFailure.ts'
import { writeId } from './ids.ts'
import { maxViewBlocks } from './limits.ts'
import { renderBlocks } from './renderBlocks.ts'

/** Draws somebody's home page of the app: open cases, and what waits for them. */
export async function publishHome(
  client: webApi.WebClient,
  { desk, log }: { desk: Desk | null; log: Logger },
  { user, team }: { user: string; team: string | null },
): Promise<void> {
  if (!desk) return
  try {
    const message = await desk.home(writeId(user, team))
    const blocks = renderBlocks(message).flatMap((page) => page.blocks)
    await client.views.publish({
      user_id: user,
      view: { type: 'home', blocks: blocks.slice(0, maxViewBlocks) },
    })
  } catch (error) {
    log.error({ err: describeFailure(error, 'slack') }, 'A home page was not drawn in Slack')
  }
}
