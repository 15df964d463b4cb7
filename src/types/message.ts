/** A piece of text. Plain strings may be a stranger's: every chat adapter makes them harmless before it shows them. */
export type Span =
  | string
  /** To be copied as it is: an address, a hash, a command. */
  | { code: string }
  | { strong: string }
  /** Unix seconds, shown in UTC and in the reader's local time. */
  | { time: number }

export type Text = Span | readonly Span[]

export type Severity = 'red' | 'amber' | 'info'

export type Section =
  | { type: 'text'; text: Text }
  | { type: 'fields'; fields: { name: string; value: Text }[] }
  | { type: 'table'; columns: { name: string; align?: 'left' | 'right' }[]; rows: Text[][] }

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
}

/** The answer to a command. */
export type Reply = Message & {
  /** `private` is seen by the person who asked. @default 'private' */
  visibility?: 'private' | 'channel'
}
