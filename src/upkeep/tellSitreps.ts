import { openCases } from '#src/case/openCases.ts'
import type { Context } from '#src/context.ts'
import { collectSitrep } from '#src/duty/collectSitrep.ts'
import { renderSitrep } from '#src/duty/renderSitrep.ts'
import { roomsOf } from '#src/freeze/roomsOf.ts'
import { tellChannels } from '#src/tellChannels.ts'

/** Every so many hours the rooms of the house read how each case stands. */
const everySeconds = 8 * 3_600

/** Tells how each open case stands, once for each third of a day. */
export async function tellSitreps(context: Context): Promise<void> {
  const turn = Math.floor(context.now() / everySeconds) * everySeconds
  for (const open of openCases(context)) {
    const channels = roomsOf(context, open.case.id)
    const message = renderSitrep(await collectSitrep(context, open, null))
    const id = `${open.case.id}:sitrep:${turn}`
    await tellChannels(context, { id, message, topic: 'digest', channels })
  }
}
