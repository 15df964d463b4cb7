import pino from 'pino'
import type { Context } from '#src/context.ts'
import type { Member, Role } from '#types/member.ts'
import type { AuditEntry } from '#types/standing.ts'
import { createDoorkeeper } from '#utils/createDoorkeeper.ts'

/** A member whose account is `slack:ROLE`. */
export function memberOf(role: Role): Member {
  return { account: `slack:${role}`, name: `A ${role}`, role, organization: 'acme' }
}

/** As much of a context as commands need to be found, allowed, noted and completed. The time goes on by itself. */
export function createFakeContext(parts: Partial<Context> = {}) {
  const audit: AuditEntry[] = []
  const log: string[] = []
  let time = 1_700_000_000
  const context = {
    now: () => time++,
    cases: new Map(),
    chains: new Map([['eip155:1', {}]]),
    house: {
      organizations: [],
      members: (['viewer', 'responder', 'lead', 'admin'] as const).map(memberOf),
      routes: [],
    },
    standing: {
      ...{ member: new Map(), channel: new Map(), subscription: new Map(), flag: new Map() },
      ...{ silence: new Map(), feed: new Map() },
    },
    chats: [],
    doorkeeper: createDoorkeeper(),
    store: { appendAudit: async (entry: AuditEntry) => void audit.push(entry) },
    log: pino({ level: 'warn' }, { write: (line: string) => log.push(line) }),
    ...parts,
  } as unknown as Context
  context.whole = parts.whole ?? context
  return { context, audit, log }
}
