import type { Command } from '#src/defineCommand.ts'
import { accessCommands } from './access.ts'
import { ackCommands } from './ack.ts'
import { audit } from './audit.ts'
import { caseCommands } from './case.ts'
import { caseAddresses } from './caseAddresses.ts'
import { channelBind } from './channel.ts'
import { correct } from './correct.ts'
import { disputeCommands } from './dispute.ts'
import { evidence } from './evidence.ts'
import { flagCommands } from './flag.ts'
import { freezeCommands } from './freeze.ts'
import { freezeBoardCommands } from './freezeBoard.ts'
import { createHelp } from './help.ts'
import { labelCommands } from './labels.ts'
import { lookup } from './lookup.ts'
import { markCommands } from './mark.ts'
import { memberCommands } from './member.ts'
import { note } from './note.ts'
import { organizationCommands } from './org.ts'
import { organizationPeopleCommands } from './orgPeople.ts'
import { postCommands } from './post.ts'
import { rhythm } from './rhythm.ts'
import { settle } from './settle.ts'
import { silenceCommands } from './silence.ts'
import { sitrep } from './sitrep.ts'
import { status } from './status.ts'
import { subscriptionCommands } from './subscribe.ts'
import { timeline } from './timeline.ts'
import { totpCommands } from './totp.ts'
import { trail } from './trail.ts'

const others = [
  lookup,
  trail,
  status,
  ...ackCommands,
  ...silenceCommands,
  ...flagCommands,
  ...freezeCommands,
  ...freezeBoardCommands,
  evidence,
  ...disputeCommands,
  correct,
  ...organizationCommands,
  ...organizationPeopleCommands,
  note,
  sitrep,
  ...postCommands,
  timeline,
  ...subscriptionCommands,
  ...caseCommands,
  caseAddresses,
  ...markCommands,
  channelBind,
  ...labelCommands,
  ...memberCommands,
  ...accessCommands,
  ...totpCommands,
  audit,
  rhythm,
  settle,
]

/** Every command there is. */
export const commands: Command[] = [...others, createHelp(() => commands)]
