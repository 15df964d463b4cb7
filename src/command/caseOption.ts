import { z } from 'zod'

const description = 'The case; the one being followed if left out.'

/** The case that a command is about, as `findCase` takes it: in its place, or as `case:ID`. */
export const caseOption = z.string().optional().meta({ description, complete: 'case' })
export const caseTag = z.string().optional().meta({ description, form: 'tag', complete: 'case' })
