import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { NoKeyError, NotYourOrganizationError, WrongSignatureError } from '#errors/organization.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import {
  findOrganization,
  isHouse,
  listOrganizations,
  newOrganization,
  organizationIn,
} from '#src/organization/listOrganizations.ts'
import { signedBy } from '#src/signedBy.ts'
import { codeOption } from '#src/stepup/codeOption.ts'
import { stepUp } from '#src/stepup/stepUp.ts'
import type { Member } from '#types/member.ts'
import type { Reply, Text } from '#types/message.ts'
import { type OrganizationFile, organizationKinds } from '#types/organization.ts'
import { countOf } from '#utils/countOf.ts'
import { mayRun } from '#utils/findMember.ts'
import { parseChannels, parseId, parseList } from '#utils/parseId.ts'
import { parseName } from '#utils/parseName.ts'
import { parseNote } from '#utils/parseNote.ts'
import { parsePublicKey } from '#utils/parsePublicKey.ts'
import { isSignedBy } from '#utils/signature.ts'

export const organizationOption = z
  .string()
  .transform(parseId)
  .meta({ description: 'The organization, by its id.', complete: 'organization' })

/** What an organization signs: the nonce alone would be a signature of anything. */
function challengeText(id: string, nonce: string): string {
  return `posse-organization:${id}:${nonce}`
}

const list = (description: string) =>
  z.string().transform(parseList).optional().meta({ description, form: 'tag' })

const add = defineCommand({
  name: 'org add',
  description: 'Adds an organization, or changes what is given of one.',
  role: 'lead',
  answersIn: 'channel',
  options: z.object({
    organization: organizationOption,
    name: z.string().transform(parseName).optional().meta({
      description: 'What people call it; in quotes if it has spaces.',
    }),
    kind: z.enum(organizationKinds).optional().meta({ description: 'What it is.' }),
    key: z.string().transform(parsePublicKey).optional().meta({
      description: 'Its public key, from posse org keygen; another key must be verified anew.',
      form: 'tag',
    }),
    channels: z.string().transform(parseChannels).optional().meta({
      description: 'Where requests go, the first choice first: channels:slack:C024BE91L.',
      form: 'tag',
    }),
    aliases: list('What labels call it, beside its name: aliases:huobi,htx.'),
    languages: list('Languages that its desk reads: languages:en,ko.'),
    fallback: z.string().transform(parseId).optional().meta({
      description: 'The organization to ask when this one does not answer.',
      form: 'tag',
      complete: 'organization',
    }),
    requires: z.string().transform(parseNote).optional().meta({
      description: 'What its desk asks for before it holds anything.',
      form: 'text',
    }),
  }),
  example: '/posse org add acme "Acme Exchange" exchange channels:slack:C024BE91L',
  async run(context, { organization: id, ...given }, call) {
    const member = memberOf(call)
    const known = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    ) as Partial<OrganizationFile>
    const changed = await decide(context, () => {
      checkChange(context, { id, member, words: Object.keys(known) })
      if (known.fallback) findOrganization(context, known.fallback)
      const before = organizationIn(context, id) ?? newOrganization(id, given.name ?? id)
      const isNewKey = given.key !== undefined && given.key !== before.key
      const value = { ...before, ...known, ...(isNewKey && { verified: null, challenge: null }) }
      return { standing: [{ kind: 'organization', key: id, value }], result: value }
    })
    return { ...describe(context, changed), visibility: 'channel' }
  },
})

/** What a lead may say of the own organization. All else decides whose an address is, and is for the house. */
const ownAffairs = ['key', 'channels', 'languages', 'requires']

function checkChange(
  context: Context,
  { id, member, words }: { id: string; member: Member; words: readonly string[] },
): void {
  if (isHouse(context, member, null)) return
  const isOwn = member.organization === id && organizationIn(context, id) !== undefined
  if (!isOwn || words.some((word) => !ownAffairs.includes(word))) {
    throw new NotYourOrganizationError({ id })
  }
}

const verify = defineCommand({
  name: 'org verify',
  description: 'Verifies an organization: shows what its key must sign, then takes the signature.',
  role: 'lead',
  answersIn: 'channel',
  options: z.object({
    organization: organizationOption,
    signature: z.string().max(100).optional().meta({
      description: 'What posse org sign has answered.',
    }),
    code: codeOption,
  }),
  example: '/posse org verify acme',
  async run(context, { organization: id, signature, code }, call) {
    const member = memberOf(call)
    // Nobody verifies themselves, and no rival says who is who.
    if (!isHouse(context, member, null)) throw new NotYourOrganizationError({ id })
    const by = signedBy(member, context.now())
    const found = findOrganization(context, id)
    if (found.key === null) throw new NoKeyError({ id })
    if (signature === undefined) {
      const nonce = found.challenge?.nonce ?? randomBytes(16).toString('hex')
      await put(context, id, (now) => ({
        ...now,
        challenge: now.challenge ?? { nonce, at: by.at },
      }))
      return describeChallenge(id, findOrganization(context, id).challenge?.nonce ?? nonce)
    }
    checkSignature(found, signature)
    const cleared = await stepUp(context, {
      ...{ act: 'org verify', subject: id, member, code, given: signature },
      text: `Verifies ${found.name} (${id}) with the key ${found.key}.`,
      command: `org verify ${id} ${signature}`,
    })
    if (!cleared.isCleared) return cleared.reply
    await put(context, id, (now) => {
      checkSignature(now, signature)
      return { ...now, verified: by, challenge: null }
    })
    return {
      title: [{ strong: found.name }, ' is verified'],
      visibility: 'channel',
      sections: [{ type: 'fields', fields: [{ name: 'Key', value: { code: found.key } }] }],
    }
  },
})

/** @throws WrongSignatureError */
function checkSignature({ id, key, challenge }: OrganizationFile, signature: string): void {
  const text = challengeText(id, challenge?.nonce ?? '')
  if (!challenge || !isSignedBy(key ?? '', text, signature)) throw new WrongSignatureError({ id })
}

function describeChallenge(id: string, nonce: string): Reply {
  const text = challengeText(id, nonce)
  return {
    title: `Whoever has the key of ${id} signs this`,
    sections: [
      {
        type: 'fields',
        fields: [
          { name: 'They run', value: { code: `posse org sign --key FILE ${text}` } },
          { name: 'Then', value: { code: `/posse org verify ${id} SIGNATURE` } },
        ],
      },
      {
        type: 'text',
        text: 'Ask for it over a channel that you know to be theirs: the signature shows the key, not the company.',
      },
    ],
  }
}

const show = defineCommand({
  name: 'org show',
  description: 'Shows what is known of an organization, and what its desk requires.',
  role: 'viewer',
  options: z.object({ organization: organizationOption }),
  example: '/posse org show acme',
  run: (context, { organization }) => describe(context, findOrganization(context, organization)),
})

const listAll = defineCommand({
  name: 'org list',
  description: 'Lists the organizations, and which are verified.',
  role: 'viewer',
  options: z.object({}),
  example: '/posse org list',
  run(context) {
    const all = listOrganizations(context)
    return {
      title: all.length === 0 ? 'No organization is known' : countOf(all.length, 'organization'),
      sections: [
        {
          type: 'table',
          columns: [
            { name: 'organization' },
            { name: 'name' },
            { name: 'kind' },
            { name: 'verified' },
            { name: 'reached by' },
          ],
          rows: all.map(({ id, name, kind, verified, channels, contacts }) => [
            { code: id },
            name,
            kind,
            verified ? { time: verified.at } : 'no',
            reachOf({ channels, contacts }),
          ]),
        },
      ],
    }
  },
})

export const organizationCommands = [add, verify, show, listAll]

function reachOf({ channels, contacts }: Pick<OrganizationFile, 'channels' | 'contacts'>): string {
  if (channels.length > 0) return countOf(channels.length, 'channel')
  return contacts.length > 0 ? countOf(contacts.length, 'contact') : 'nothing yet'
}

/** Changes an organization as it stands when the turn has come. */
export async function put(
  context: Context,
  id: string,
  change: (now: OrganizationFile) => OrganizationFile,
): Promise<void> {
  await decide(context, () => ({
    standing: [{ kind: 'organization', key: id, value: change(findOrganization(context, id)) }],
    result: undefined,
  }))
}

/** @throws NotYourOrganizationError where a member speaks for another organization, and is no lead of the house */
export function checkSpeaksFor(context: Context, id: string, member: Member): void {
  const isLead = isHouse(context, member, null) && mayRun({ role: 'lead' }, member)
  if (member.organization !== id && !isLead) throw new NotYourOrganizationError({ id })
}

function describe(context: Context, organization: OrganizationFile): Reply {
  const { id, name, kind, key, verified, channels, languages, requires, aliases } = organization
  const fallback = organization.fallback && organizationIn(context, organization.fallback)
  const codes = (values: readonly string[]): Text =>
    values.flatMap((code, at) => [...(at > 0 ? [', '] : []), { code }])
  const fields: { name: string; value: Text }[] = [
    { name: 'Kind', value: kind },
    {
      name: 'Verified',
      value: verified ? [`by ${verified.name}, `, { time: verified.at }] : 'no',
    },
    ...(key ? [{ name: 'Key', value: { code: key } }] : []),
    ...(aliases.length > 0 ? [{ name: 'Labels say', value: aliases.join(', ') }] : []),
    ...(channels.length > 0 ? [{ name: 'Requests go to', value: codes(channels) }] : []),
    ...(languages.length > 0 ? [{ name: 'Languages', value: languages.join(', ') }] : []),
    ...(requires ? [{ name: 'Its desk asks for', value: requires }] : []),
    ...(fallback ? [{ name: 'If it does not answer', value: fallback.name }] : []),
    { name: 'Contacts', value: String(organization.contacts.length) },
    { name: 'Shifts', value: String(organization.roster.length) },
  ]
  return { title: [{ strong: name }, ` (${id})`], sections: [{ type: 'fields', fields }] }
}
