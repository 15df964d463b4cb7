import { OrganizationNotFoundError } from '#errors/organization.ts'
import type { Context } from '#src/context.ts'
import type { Address } from '#types/chain.ts'
import { type Label, serviceKinds } from '#types/label.ts'
import type { Member, Organization } from '#types/member.ts'
import type { OrganizationFile } from '#types/organization.ts'
import { mayRun } from '#utils/findMember.ts'

type Known = Pick<Context, 'house' | 'standing'>

/** Every organization that the settings name or somebody has added, by id. */
export function listOrganizations({ house, standing }: Known): OrganizationFile[] {
  const settled = house.organizations
    .filter(({ id }) => !standing.organization.has(id))
    .map(fromSettings)
  return [...settled, ...standing.organization.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** @throws OrganizationNotFoundError */
export function findOrganization(context: Known, id: string): OrganizationFile {
  const found = organizationIn(context, id)
  if (found) return found
  const known = listOrganizations(context).map((each) => each.id)
  throw new OrganizationNotFoundError({ id, known })
}

/** The organization of this id; `undefined` where there is none. */
export function organizationIn(
  { house, standing }: Known,
  id: string,
): OrganizationFile | undefined {
  const lower = id.toLowerCase()
  const settled = house.organizations.find((each) => each.id === lower)
  return standing.organization.get(lower) ?? (settled && fromSettings(settled))
}

function fromSettings({ id, name, channels = [] }: Organization): OrganizationFile {
  return { ...newOrganization(id, name), channels }
}

/** An organization of which nothing but the name is known. */
export function newOrganization(id: string, name: string): OrganizationFile {
  return {
    ...{ id, name, kind: 'exchange', key: null, challenge: null, verified: null },
    ...{ aliases: [], channels: [], languages: [], requires: '', fallback: null },
    ...{ contacts: [], roster: [] },
  }
}

/** Whose an address is, by the label that counts, and how sure that is. `null` where no organization is meant. */
export function organizationOf(
  context: Known & Pick<Context, 'labels'>,
  address: Address,
): { organization: OrganizationFile; label: Label } | null {
  const label = context.labels.get(address)?.[0]
  if (!label || !isCustody(label)) return null
  const organization = listOrganizations(context).find((each) => isNamed(label.name, each))
  return organization ? { organization, label } : null
}

/** Kinds of label under which somebody keeps what comes in. */
function isCustody({ kind }: Label): boolean {
  if (kind === 'victim' || kind === 'burn') return false
  return kind === 'deposit' || (serviceKinds as readonly string[]).includes(kind)
}

/** Whether a label names an organization: `Huobi 10` and `Huobi: Hot Wallet` name Huobi, `Huobiland` does not. */
function isNamed(label: string, { id, name, aliases }: OrganizationFile): boolean {
  const text = label.toLowerCase()
  return [id, name, ...aliases].some((each) => {
    const start = each.toLowerCase()
    return (
      start !== '' && text.startsWith(start) && !/^[\p{L}\p{N}]/u.test(text.slice(start.length))
    )
  })
}

/**
 * Whether somebody decides for the house in a case: its admins, people of no organization, coordinators, and the
 * organization that has opened the case.
 */
export function isHouse(context: Known, member: Member, caseId: string | null): boolean {
  const { role, organization } = member
  if (role === 'admin' || organization === null) return true
  if (organizationIn(context, organization)?.kind === 'coordinator') return true
  return caseId !== null && context.standing.case.get(caseId)?.by.organization === organization
}

/** Whether somebody may undo what others have said: a lead of the house. */
export function isLeadOfHouse(context: Known, member: Member): boolean {
  return mayRun({ role: 'lead' }, member) && isHouse(context, member, null)
}
