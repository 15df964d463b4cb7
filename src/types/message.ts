/** A piece of text. Plain strings may be a stranger's: every chat adapter makes them harmless before it shows them. */
export type Span =
  | string
  /** To be copied as it is: an address, a hash, a command. */
  | { code: string }
  | { strong: string }
  /** Unix seconds, shown in UTC and in the reader's local time. */
  | { time: number }
  /** A page of a block explorer; nothing else is ever a link. */
  | { link: string; label: string }

export type Text = Span | readonly Span[]

export type Severity = 'red' | 'amber' | 'info'

export type Section =
  | { type: 'text'; text: Text }
  | { type: 'fields'; fields: { name: string; value: Text }[] }
  | { type: 'table'; columns: { name: string; align?: 'left' | 'right' }[]; rows: Text[][] }

/** A button: pressing it is the same as typing the command, with the rights of whoever presses. */
export type Action = {
  label: string
  /** A whole command without `/posse`, at most 90 characters, of ids alone. */
  command: string
  style?: 'primary' | 'danger'
}

/** What a chat shows, free of any platform's format and limits. */
export type Message = {
  title: Text
  severity?: Severity
  /** All of it in one line, for channels that want no more. @default the title */
  line?: Text
  /** Nothing that a reader must see at once has changed: a chat that cannot edit leaves it out. */
  isQuiet?: boolean
  /** Unix seconds of the block that it tells about: how late it comes is added when it is posted. */
  blockTime?: number
  sections: Section[]
  /** What a reader can do about it now; a chat without buttons leaves them out. */
  actions?: Action[]
  /** Hops that are read when it is shown, and stand in place of the sections. */
  ledger?: LedgerPage
}

/** Some of the hops behind a card: of one path, or where that is `null` of the whole case, in a span of Unix seconds. */
export type LedgerPage = {
  caseId: string
  path: string | null
  since: number
  until: number
  /** From 1. */
  page: number
}

/** The answer to a command. */
export type Reply = Message & {
  /** `private` is seen by the person who asked. @default 'private' */
  visibility?: 'private' | 'channel'
  /** A command that lacks options, with what is known of them: a chat with forms asks for the rest. */
  missing?: Filled
  /** Given to whoever asked, and to nobody else. */
  files?: readonly ReplyFile[]
  /** The option that was not taken, as people read it; empty where it is not known which one. */
  fault?: string
}

/** A file that goes with an answer. */
export type ReplyFile = { name: string; data: Uint8Array }

/** A command with options, by their words. */
export type Filled = { command: string; given: Record<string, string> }
