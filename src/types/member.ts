import type { ChannelId } from './chat.ts'

/** What a person may do, each including the ones before: look, act on a case, decide, run the house. */
export const roles = ['viewer', 'responder', 'lead', 'admin'] as const
export type Role = (typeof roles)[number]

/** A person's name on a platform: `terminal`, `slack:U024BE7LH`, `discord:80351110224678912`. */
export type AccountId = string

/** A person of an organization, known by one account. */
export type Member = {
  account: AccountId
  name: string
  role: Role
  /** Id of an organization; `null` where none is known. */
  organization: string | null
  /** The account of the same person that counts: its role is theirs. @default this account itself */
  as?: AccountId
}

/** An exchange, issuer, bridge, investigator or authority. */
export type Organization = {
  /** Short and lower case, such as `acme`. */
  id: string
  name: string
  /** Its channels. */
  channels?: readonly ChannelId[]
}
