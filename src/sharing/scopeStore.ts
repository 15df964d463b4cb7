import type { Store } from '#types/store.ts'
import { caseOfAlert } from './caseOf.ts'

/** What somebody may read. */
export type Scope = {
  sees(caseId: string): boolean
  /** Whose lines of the audit log are shown; `null` shows all of them. */
  organization: string | null
}

/** More alerts than share the beginning of a handle. */
const allAlerts = 1_000_000

async function* nothing(): AsyncGenerator<never[]> {
  yield* []
}

/** The store as somebody may read it: of cases that are hidden there is nothing, and no count of them. */
export function scopeStore(store: Store, { sees, organization }: Scope): Store {
  return {
    ...store,
    readCase: async (caseId) => (sees(caseId) ? await store.readCase(caseId) : undefined),
    readAccounts: async (caseId, addresses) =>
      sees(caseId) ? await store.readAccounts(caseId, addresses) : [],
    scanAccounts: (caseId, asset) => (sees(caseId) ? store.scanAccounts(caseId, asset) : nothing()),
    readSeen: async (caseId) => (sees(caseId) ? await store.readSeen(caseId) : []),
    scanSeen: (caseId, from) => (sees(caseId) ? store.scanSeen(caseId, from) : nothing()),
    readHops: async (caseId) => (sees(caseId) ? await store.readHops(caseId) : []),
    findHops: async (caseId, by, options) =>
      sees(caseId) ? await store.findHops(caseId, by, options) : [],
    scanHops: (caseId, span) => (sees(caseId) ? store.scanHops(caseId, span) : nothing()),
    findAddresses: async (caseId, prefix, options) =>
      sees(caseId) ? await store.findAddresses(caseId, prefix, options) : [],
    readTimeline: async (caseId, options) =>
      sees(caseId) ? await store.readTimeline(caseId, options) : [],
    async findAlerts(by, options) {
      if ('caseId' in by) return sees(by.caseId) ? await store.findAlerts(by, options) : []
      // Those that are hidden must not take the place of others.
      const found = await store.findAlerts(by, { limit: allAlerts })
      return found.filter(({ id }) => sees(caseOfAlert(id))).slice(0, options.limit)
    },
    async readRedAlerts(since) {
      const found = await store.readRedAlerts(since)
      return found.filter(({ alert }) => sees(caseOfAlert(alert.id)))
    },
    readAudit: (options) =>
      store.readAudit(organization === null ? options : { ...options, organization }),
    findPosted: async (caseId) => (sees(caseId) ? await store.findPosted(caseId) : []),
    // Of all channels together: how much there is to say elsewhere is not theirs to know.
    countDeliveries: async () => ({ pending: 0, sent: 0, failed: 0 }),
  }
}
