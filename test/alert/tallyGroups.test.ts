import { expect, test } from 'vitest'
import { growGroup, muteIn, openGroup } from '#alert/growGroup.ts'
import { tallyGroups } from '#alert/tallyGroups.ts'
import { testAlert } from '#test/support/testAlert.ts'

test('tallyGroups: every alert is told, folded or muted, and a burst stands for others', () => {
  const card = muteIn(growGroup(openGroup(testAlert()), testAlert()), testAlert())
  const burst = { ...openGroup(testAlert({ kind: 'burst' })), count: 0 }
  const groups = [card, openGroup(testAlert()), muteIn(muteIn(burst, testAlert()), testAlert())]
  expect(tallyGroups(groups)).toEqual({ told: 2, folded: 1, muted: 3, bursts: 1 })
})
