import type { Command } from '#src/defineCommand.ts'
import { createHelp } from './help.ts'
import { lookup } from './lookup.ts'
import { status } from './status.ts'
import { trail } from './trail.ts'

const others = [lookup, trail, status]

/** Every command there is. */
export const commands: Command[] = [...others, createHelp(() => commands)]
