import type { Case } from '#types/case.ts'
import { bybit } from './bybit/index.ts'
import { ronin } from './ronin/index.ts'

/** The cases that ship. */
export const cases: Case[] = [ronin, bybit]
