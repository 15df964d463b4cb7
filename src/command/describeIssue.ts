import type { z } from 'zod'

/** What is wrong with a value, as the end of a sentence. A message that a schema was given is said as it is. */
export function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  if (!issue) return 'it is not valid'
  const { message } = issue
  // zod's own messages are for programmers, and begin with one of these.
  if (!/^(?:Invalid|Too (?:big|small)|Unrecognized)/.test(message))
    return message.replace(/\.$/, '')
  switch (issue.code) {
    case 'invalid_type':
      return `it must be ${nameOf(issue.expected)}`
    case 'too_big':
      return `it must be at most ${measure(issue.maximum, issue.origin)}`
    case 'too_small':
      return `it must be at least ${measure(issue.minimum, issue.origin)}`
    default:
      return 'it is not valid'
  }
}

function nameOf(type: string): string {
  if (type === 'int') return 'a whole number'
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`
}

function measure(limit: number | bigint, origin: string): string {
  if (origin === 'string') return `${limit} characters`
  return origin === 'array' ? `${limit} in number` : String(limit)
}
