import { readRecording } from '#adapters/chain/recorded/readRecording.ts'
import { readLabels } from '#adapters/labels/readLabels.ts'
import { ronin } from '#config/cases/ronin/index.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { labelLists } from '#config/labels/index.ts'
import { indexLabels } from '#utils/indexLabels.ts'

/** The recorded Ronin theft with the labels that ship. */
export async function readRonin() {
  const rows = await readRecording([ronin.recording ?? ''], { native: ethereum.native })
  const lists = await Promise.all(
    labelLists.map((list) => readLabels(list.file, { ...list, isStale: false })),
  )
  return { rows, labels: indexLabels(lists.flat()) }
}
