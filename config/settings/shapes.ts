import { z } from 'zod'

/** An object whose unknown keys are refused; the names that it knows are handed on for the advice. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape).join(', ')
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? known : `write an object with ${known}`),
  })
}

export function list<Item extends z.ZodType>(item: Item, advice: string) {
  return z.array(item, { error: advice }).min(1, { error: advice })
}

export function text(pattern: RegExp, error: string) {
  return z.string({ error }).regex(pattern, { error })
}

export function whole(min: number, max: number, what: string) {
  const error = `write ${what} from ${min} to ${max}, without quotes`
  return z.int({ error }).min(min, { error }).max(max, { error })
}

export function url(protocols: readonly string[], example: string) {
  const error = `write a whole URL such as ${example}`
  const isRight = (given: string) => {
    const parsed = URL.parse(given)
    return parsed !== null && protocols.includes(parsed.protocol) && !/\s/.test(given)
  }
  return z.string({ error }).refine(isRight, { error })
}

/** One line of text for people. */
export const name = (what: string) =>
  text(/^(?=.*\S)[^\p{Cc}\p{Zl}\p{Zp}]{1,100}$/u, `name ${what} in one line of 1 to 100 characters`)
