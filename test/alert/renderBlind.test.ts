import { expect, test } from 'vitest'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { renderBlind, renderSeeing } from '#alert/renderBlind.ts'

const page = { width: 110, colours: false, timeZone: 'UTC' }

test('renderBlind: says why nobody is watching and what to do', () => {
  const shown = (
    [
      { type: 'silent', seconds: 312 },
      { type: 'late', seconds: 75 },
      { type: 'down', provider: 'provider 1', seconds: 60 },
    ] as const
  ).map((why) => renderText(renderBlind('Ethereum', why), page))
  expect(shown).toMatchInlineSnapshot(`
    [
      "!! No block of Ethereum for 5 min 12 s: nobody is watching
       What moves meanwhile is told once it goes on. posse doctor says what is wrong.",
      "!! The newest block of Ethereum is 1 min 15 s old: alerts come late
       What moved since then is not known yet. posse doctor says what is wrong.",
      "!! provider 1 tells nothing of Ethereum for 1 min
       Unless another provider answers, nobody is watching. posse doctor says what is wrong.",
    ]
  `)
})

test('renderSeeing: says for how long nobody was watching', () => {
  expect(renderText(renderSeeing('Ethereum', { blindSeconds: 312 }), page)).toMatchInlineSnapshot(`
    "·  Ethereum is watched again, after 5 min 12 s
       What moved meanwhile is told now, with the time at which it happened."
  `)
})
