import type { Logger } from 'pino'

/** Where the sealed tokens of workspaces are kept. */
export type Vault = {
  read(workspace: string): Promise<string | undefined>
  write(workspace: string, sealed: string): Promise<void>
  remove(workspace: string): Promise<void>
}

export type SlackOptions = {
  /** Of one workspace, or of all that install the app; `key` is 64 hex digits. */
  tokens:
    | { kind: 'one'; botToken: string }
    | {
        kind: 'many'
        clientId: string
        clientSecret: string
        stateSecret: string
        key: string
        vault: Vault
      }
  transport:
    | { kind: 'socket'; appToken: string }
    | { kind: 'http'; signingSecret: string; port: number }
  /** Id of a channel that hears everything until it says otherwise. */
  home?: string
  /** @default the one of Slack */
  apiUrl?: string
  log: Logger
}
