import { randomBytes } from 'node:crypto'
import {
  InvalidOptionError,
  MissingOptionError,
  NotAllowedError,
  TooManyCommandsError,
  UnknownAccountError,
} from '#errors/input.ts'
import { StoreError } from '#errors/store.ts'
import { UserError } from '#errors/userError.ts'
import type { CommandCall } from '#types/chat.ts'
import type { Reply } from '#types/message.ts'
import type { AuditEntry } from '#types/standing.ts'
import { findMember, mayRun } from '#utils/findMember.ts'
import { type FoundCommand, findCommand, noCommand } from './command/findCommand.ts'
import { codeHider, hideCodes } from './command/hideCodes.ts'
import { parseOptions } from './command/parseOptions.ts'
import type { Context } from './context.ts'
import type { Asker, Command } from './defineCommand.ts'
import { viewerOf, viewerOfChannel } from './sharing/maySee.ts'
import { scopeContext } from './sharing/scopeContext.ts'

/** Characters of a command that the audit log keeps, and of a name. */
const maxAudited = 2_000
const maxAuditedName = 200

type Outcome = Exclude<AuditEntry['outcome'], 'asked'>

/**
 * Runs a command as a person typed it, once the audit log has it. Never rejects: a person's mistake is answered in a
 * sentence, a fault of ours with a reference that stands in the log.
 */
export async function runCommand(
  context: Context,
  commands: readonly Command[],
  call: CommandCall,
): Promise<Reply> {
  const reference = randomBytes(4).toString('hex')
  const asker: Asker = { member: null, channel: call.channel, user: call.user }
  try {
    asker.member = findMember(context, call.user.id)
    if (asker.member === null && !context.doorkeeper.admits(call.user.id, context.now())) {
      return sayError(new TooManyCommandsError())
    }
    const entry = auditEntry(asker, hideCodes(writeCall(call)), reference)
    await context.store.appendAudit({ ...entry, at: context.now(), outcome: 'asked' })
    const { outcome, reply } = await answer(context, commands, {
      asker,
      call,
      reference,
    })
    await noteOutcome(context, entry, outcome)
    return reply
  } catch (error) {
    return sayFailure(context, error, { asker, reference })
  }
}

type Asked = { asker: Asker; call: CommandCall; reference: string }

async function answer(
  context: Context,
  commands: readonly Command[],
  { asker, call, reference }: Asked,
): Promise<{ outcome: Outcome; reply: Reply }> {
  // What was typed wrongly is repeated, a code never.
  const hide = codeHider(call)
  try {
    const { command, line } = chooseCommand(commands, asker, call.text)
    const isPublic = command.answersIn === 'channel'
    const viewers = [
      viewerOf(asker),
      ...(isPublic ? [viewerOfChannel(context, asker.channel)] : []),
    ]
    const scoped = scopeContext(context, viewers)
    const reply = await command.run(scoped, parseOptions(command, line, call.given), asker)
    if (isPublic || reply.visibility !== 'channel') return { outcome: 'done', reply }
    return { outcome: 'done', reply: { ...reply, visibility: 'private' } }
  } catch (error) {
    if (error instanceof NotAllowedError || error instanceof UnknownAccountError) {
      return { outcome: 'refused', reply: sayError(error, hide) }
    }
    if (error instanceof UserError && !(error instanceof StoreError)) {
      const fault = error instanceof InvalidOptionError ? error.option : ''
      return { outcome: 'mistaken', reply: { ...sayError(error, hide), fault } }
    }
    return { outcome: 'failed', reply: sayFailure(context, error, { asker, reference }) }
  }
}

/** Rights come first: whoever may not ask learns nothing from how a command is read, nor whether it exists. */
function chooseCommand(commands: readonly Command[], asker: Asker, text: string): FoundCommand {
  const { member, user } = asker
  const open = commands.filter((command) => mayRun(command, member))
  const found = member === null ? findOpen(open, text) : findCommand(commands, text)
  if (found && mayRun(found.command, member)) return found
  if (member === null) throw new UnknownAccountError({ account: user.id })
  if (found && found.command.role !== 'anyone') {
    throw new NotAllowedError({ role: found.command.role })
  }
  throw noCommand(open, text)
}

/** As `findCommand`, and nothing else is said of a line that is too long. */
function findOpen(open: readonly Command[], text: string): FoundCommand | undefined {
  try {
    return findCommand(open, text)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

function auditEntry({ member, channel, user }: Asker, text: string, reference: string) {
  return {
    account: member?.account ?? user.id,
    name: storable(member?.name ?? user.name, maxAuditedName),
    role: member?.role ?? 'unknown',
    organization: member?.organization ?? null,
    channel,
    text: storable(text, maxAudited),
    reference,
  }
}

/** A text that every database takes: cut, well-formed and without the character of code 0. */
function storable(text: string, max: number): string {
  return text.slice(0, max).toWellFormed().replaceAll('\0', '\ufffd')
}

/** The command has had its effect: an audit log that fails only now must not make it look as if it had not. */
async function noteOutcome(
  context: Context,
  entry: ReturnType<typeof auditEntry>,
  outcome: Outcome,
): Promise<void> {
  try {
    await context.store.appendAudit({ ...entry, at: context.now(), outcome })
  } catch (error) {
    const { reference } = entry
    context.log.error({ err: error, reference, outcome }, 'Could not note how a command ended')
  }
}

/** A sentence where the store says what is wrong, and an apology for all else; strangers hear no more than that. */
function sayFailure(
  context: Context,
  error: unknown,
  { asker, reference }: { asker: Asker; reference: string },
): Reply {
  context.log.error({ err: error, reference, user: asker.user.id }, 'Command failed')
  if (error instanceof UserError && asker.member !== null) return sayError(error)
  const text = `Nothing was changed. Tell whoever runs Posse the reference ${reference}.`
  return { title: 'Something went wrong', severity: 'amber', sections: [{ type: 'text', text }] }
}

function sayError(error: UserError, hide = (text: string) => text): Reply {
  const { message, hint } = error
  const missing = error instanceof MissingOptionError && error.filled
  return {
    title: hide(message),
    severity: 'amber',
    sections: hint ? [{ type: 'text', text: hide(hint) }] : [],
    ...(missing && { missing: { ...missing, given: withoutCode(missing.given) } }),
  }
}

/** A form asks for the rest, and for the code anew. */
function withoutCode({ code: _code, ...given }: Record<string, string>): Record<string, string> {
  return given
}

/** A command as one would type it, for the audit log. */
function writeCall({ text, given }: CommandCall): string {
  const filled = Object.entries(given ?? {}).map(([word, value]) => `${word}:${quoteWord(value)}`)
  return [text, ...filled].join(' ')
}

function quoteWord(text: string): string {
  return /^[^\s"]+$/.test(text) ? text : `"${text.replaceAll('"', "'")}"`
}
