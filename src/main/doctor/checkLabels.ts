import { readLabels } from '#adapters/labels/readLabels.ts'
import { labelLists } from '#config/labels/index.ts'
import { countOf } from '#utils/countOf.ts'
import { type Check, failedCheck } from './check.ts'

/** Reads the lists that ship, and says which are too old to rely on. */
export async function checkLabels(today: Date): Promise<Check> {
  const about = 'Labels'
  try {
    const sizes = await Promise.all(
      labelLists.map(async ({ file, ...list }) => {
        const labels = await readLabels(file, { ...list, isStale: false })
        return labels.length
      }),
    )
    const count = sizes.reduce((sum, size) => sum + size, 0)
    const text = `${countOf(count, 'label')} in ${countOf(labelLists.length, 'list')}`
    const stale = labelLists
      .filter(({ date, staleAfterDays }) => ageOf(date, today) > staleAfterDays)
      .map(({ source, date }) => `${source} of ${date}`)
    if (stale.length === 0) return { about, state: 'ok', text }
    return {
      about,
      state: 'warn',
      text: `${text}, stale: ${stale.join(', ')}`,
      advice: 'decide nothing by them alone, and update Posse for newer ones',
    }
  } catch (error) {
    return failedCheck(about, error)
  }
}

/** Days. */
function ageOf(date: string, today: Date): number {
  return (today.getTime() - Date.parse(date)) / 86_400_000
}
