import { UnknownTopicError } from '#errors/input.ts'
import { type Topic, topics } from '#types/topic.ts'
import { nearest } from './nearest.ts'

/** `reached` is short for wherever a trail may end. */
const services: readonly Topic[] = [
  'exchange',
  'mixer',
  'bridge',
  'dex',
  'issuer',
  'service',
  'busy',
]

/**
 * Topics as people pick them: names add, a minus takes away; all of them where no name adds any.
 * @example pickTopics(['reached', '-dex'])
 * @throws UnknownTopicError
 */
export function pickTopics(words: readonly string[]): Topic[] {
  const picks = words.map((word) => {
    const isMinus = /^[-−–]/.test(word)
    return { isMinus, topics: topicsOf(isMinus ? word.slice(1) : word) }
  })
  const added = picks.filter(({ isMinus }) => !isMinus).flatMap((pick) => pick.topics)
  const taken = picks.filter(({ isMinus }) => isMinus).flatMap((pick) => pick.topics)
  return topics.filter(
    (topic) => (added.length === 0 || added.includes(topic)) && !taken.includes(topic),
  )
}

function topicsOf(word: string): readonly Topic[] {
  const name = word.toLowerCase()
  if (name === 'all') return topics
  if (name === 'reached') return services
  const topic = topics.find((known) => known === name)
  if (topic) return [topic]
  const known = ['all', 'reached', ...topics]
  throw new UnknownTopicError({ text: word, nearest: nearest(name, known), known })
}
