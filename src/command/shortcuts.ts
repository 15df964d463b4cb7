import type { Shortcut } from '#types/desk.ts'

/** Addresses and transactions, also inside links. */
const subject =
  /0x(?:[0-9a-f]{64}|[0-9a-f]{40})(?![0-9a-f])|\bbc1[02-9ac-hj-np-z]{11,87}\b|\b[0-9a-f]{64}\b/gi

/** As many as one look-up takes. */
const maxSubjects = 100

/** Characters of a message that go into the timeline. */
const maxNoted = 1_500

/** What can be done about a message that somebody points at, in any chat. */
export const shortcuts: readonly Shortcut[] = [
  {
    id: 'look-up',
    label: 'Look up addresses',
    toCommand({ text }) {
      const subjects = [...new Set(text.match(subject) ?? [])].slice(0, maxSubjects)
      return { command: 'lookup', given: { subjects: subjects.join(' ') } }
    },
  },
  {
    id: 'timeline',
    label: 'Add to the timeline',
    toCommand({ text, author, at, id }) {
      const words = text.replace(/\s+/g, ' ').trim()
      const note = words.length > maxNoted ? `${words.slice(0, maxNoted).toWellFormed()}…` : words
      return {
        command: 'note',
        given: { text: `${author}: ${note}`, at: String(Math.floor(at)), of: id },
      }
    },
  },
]
