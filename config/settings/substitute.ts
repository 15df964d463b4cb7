import { quote } from '#errors/quote.ts'
import type { Faults, Path } from './faults.ts'

/** Stands for a variable that is missing; what is said about the text then is dropped, since that is told already. */
const placeholder = 'missing'

const opening = '${'
const variable = /\$\{([A-Za-z_]\w*)\}/g

/**
 * Puts environment variables into every text: `${NAME}`. Answers the values in the same shape, and which variables'
 * values went into them.
 */
export function substitute(
  value: unknown,
  { env, faults }: { env: NodeJS.ProcessEnv; faults: Faults },
): { value: unknown; used: string[] } {
  const used: string[] = []

  function visit(inner: unknown, path: Path): unknown {
    if (typeof inner === 'string') return fill(inner, path)
    if (Array.isArray(inner)) return inner.map((item, at) => visit(item, [...path, at]))
    if (typeof inner !== 'object' || inner === null) return inner
    // Own entries one by one: a key `__proto__` stays a key and is refused as unknown.
    return Object.fromEntries(
      Object.entries(inner).map(([key, item]) => [key, visit(item, [...path, key])]),
    )
  }

  function fill(text: string, path: Path): string {
    const missing: string[] = []
    const filled = text.replace(variable, (_all, name: string) => {
      const found = env[name]
      if (found) used.push(found)
      else missing.push(`${quote(name)}, which is ${found === undefined ? 'not set' : 'empty'}`)
      return found || placeholder
    })
    if (missing.length > 0) {
      const advice = 'set it in .env or in the environment'
      faults.add(path, `names the variable ${missing.join(', and ')}: ${advice}`)
    }
    if (text.replace(variable, '').includes(opening)) {
      const advice = 'write the name of the variable with letters, digits and _ alone'
      faults.add(path, `has a "${opening}" that is no variable: ${advice}`)
    }
    return filled
  }

  return { value: visit(value, []), used }
}
