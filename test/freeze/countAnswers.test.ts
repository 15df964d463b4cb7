import { expect, test } from 'vitest'
import { countAnswers } from '#src/freeze/countAnswers.ts'
import type { Freeze } from '#types/freeze.ts'

const step = (what: string, at: number) => ({ what, at, by: null, amount: null, note: '' })
const freeze = (organization: string, steps: [string, number][], isDrill = false) =>
  ({
    organization,
    isDrill,
    history: steps.map(([what, at]) => step(what, at)),
  }) as unknown as Freeze

test('who asked whom, who answered and how fast; what was not delivered and drills do not count', () => {
  const asked = [
    freeze('beta', [
      ['delivered', 100],
      ['seen', 160],
      ['holding', 400],
    ]),
    freeze('beta', [
      ['delivered', 100],
      ['declined', 700],
    ]),
    freeze('beta', [['delivered', 100]]),
    freeze('beta', [['drafted', 1]]),
    freeze('beta', [['delivered', 1]], true),
    freeze('gamma', [['delivered', 5]]),
  ]
  const counted = countAnswers(asked, ({ organization }) =>
    organization === 'beta' ? 'acme' : null,
  )
  expect(counted).toEqual([
    {
      ...{ asker: 'acme', asked: 'beta', requests: 3, answered: 2 },
      ...{ medianSeconds: 60, declined: 1 },
    },
    {
      ...{ asker: null, asked: 'gamma', requests: 1, answered: 0 },
      ...{ medianSeconds: null, declined: 0 },
    },
  ])
})
