import { z } from 'zod'
import { UserError } from '#errors/userError.ts'

/** What an option can be completed with, beside the values of an enum. */
export type Completion =
  | 'address'
  | 'alert'
  | 'case'
  | 'chain'
  | 'channel'
  | 'command'
  | 'feed'
  | 'flag'
  | 'freeze'
  | 'label-kind'
  | 'member'
  | 'organization'
  | 'policy'
  | 'request'
  | 'silence'
  | 'topic'

/** How an option is written. */
export type Form =
  /** One word, or several in quotes. */
  | 'word'
  /** `name:value`, anywhere in the line. */
  | 'tag'
  /** All the words that are left, as a list; also split at commas. */
  | 'rest'
  /** All that is left, as it was typed. */
  | 'text'

/** What the `meta` of an option's schema may say. */
export type OptionMeta = {
  description?: string
  /** @default 'rest' for lists, 'word' for all else */
  form?: Form
  complete?: Completion
}

declare module 'zod' {
  // Merges with zod's own, which is an interface.
  interface GlobalMeta extends OptionMeta {}
}

export type Option = {
  /** Its key in the schema. */
  key: string
  /** What people read and type: `time-zone` for `timeZone`. */
  word: string
  schema: z.core.$ZodType
  form: Form
  isRequired: boolean
  /** What it is when it is left out, as far as it can be written. */
  fallback: string
  description: string
  /** The values of an enum. */
  values: readonly string[]
  complete: Completion | undefined
}

/** The options of a command, in the order in which they are typed. */
export function optionsOf({ options }: { options: z.ZodObject }): Option[] {
  return Object.entries(options.shape).map(([key, schema]) => {
    const layers = layersOf(schema)
    const { description = '', form, complete }: OptionMeta = metaOf(layers)
    const isList = layers.some((layer) => layer instanceof z.ZodArray)
    const leftOut = parseWith(schema, undefined)
    return {
      key,
      word: key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      schema,
      form: form ?? (isList ? 'rest' : 'word'),
      isRequired: !leftOut.success,
      fallback: leftOut.success ? inWords(leftOut.data) : '',
      description,
      values: layers.flatMap((layer) =>
        layer instanceof z.ZodEnum ? layer.options.map(String) : [],
      ),
      complete,
    }
  })
}

/** Whether an option's schema takes this. */
export function accepts({ schema }: Option, value: unknown): boolean {
  return parseWith(schema, value).success
}

/**
 * Sees to it that the options of a command can be told apart.
 * @throws Error
 */
export function checkOptions(name: string, options: z.ZodObject): void {
  const placed = optionsOf({ options }).filter(({ form }) => form !== 'tag')
  placed.forEach(({ key, form, isRequired }, at) => {
    if (at < placed.length - 1 && (form === 'rest' || form === 'text')) {
      throw new Error(`The option ${key} of /posse ${name} takes all that is left: put it last.`)
    }
    if (isRequired && placed[at - 1]?.isRequired === false) {
      throw new Error(`The option ${key} of /posse ${name} is needed: put it before the others.`)
    }
  })
}

/** A schema and what it wraps, outermost first: `optional`, `default`, a list's elements, what is transformed. */
function layersOf(schema: z.core.$ZodType): z.core.$ZodType[] {
  const inner = innerOf(schema)
  return inner ? [schema, ...layersOf(inner)] : [schema]
}

function innerOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodArray) return schema.element
  if (schema instanceof z.ZodPipe) {
    // A `preprocess` begins with a transform, and what people know stands behind it.
    return schema.in instanceof z.ZodTransform ? schema.out : schema.in
  }
  const isWrapper =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodCatch
  return isWrapper ? schema.def.innerType : undefined
}

/** What the layers say, the outer ones over the inner ones. */
function metaOf(layers: readonly z.core.$ZodType[]): OptionMeta {
  return Object.assign({}, ...layers.map((layer) => z.globalRegistry.get(layer)).reverse())
}

function parseWith(schema: z.core.$ZodType, value: unknown): { success: boolean; data?: unknown } {
  try {
    return z.safeParse(schema, value)
  } catch (error) {
    // Thrown by one of our parsers inside a transform.
    if (error instanceof UserError) return { success: false }
    throw error
  }
}

function inWords(value: unknown): string {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value]
  const isPlain = parts.every((part) => ['string', 'number', 'boolean'].includes(typeof part))
  return isPlain ? parts.join(', ') : ''
}
