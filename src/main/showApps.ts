import { renderInvite } from '#adapters/chat/discord/renderInvite.ts'
import { renderManifest, scopes } from '#adapters/chat/slack/renderManifest.ts'
import { commands } from '#commands/index.ts'
import { InvalidOptionError } from '#errors/input.ts'
import { shortcuts } from '#src/command/shortcuts.ts'
import { specOf } from '#src/command/specOf.ts'

export type Printing = {
  /** @default standard output */
  write?: (text: string) => unknown
  /** For people, beside what programs read. @default standard error */
  explain?: (text: string) => unknown
}

/** Prints the manifest of the Slack app, and what each of its scopes is for. Answers the exit code. */
export function showManifest({
  url,
  write = (text) => process.stdout.write(text),
  explain = (text) => process.stderr.write(text),
}: { url?: string } & Printing): number {
  const base = url === undefined ? undefined : checkUrl(url)
  const manifest = renderManifest({
    specs: commands.map(specOf),
    shortcuts,
    ...(base !== undefined && { url: base }),
  })
  write(`${JSON.stringify(manifest, null, 2)}\n`)
  explain('\nWhat the app asks for, and why:\n')
  for (const { scope, why } of scopes) explain(`  ${scope.padEnd(18)} ${why}\n`)
  if (base === undefined) {
    explain('  connections:write  of the app token: to open the socket by which Slack reaches it\n')
  }
  return 0
}

/** Prints the page on which a server of Discord lets the bot in, and what each permission is for. */
export function showInvite({
  applicationId,
  write = (text) => process.stdout.write(text),
  explain = (text) => process.stderr.write(text),
}: { applicationId: string } & Printing): number {
  if (!/^\d{15,22}$/.test(applicationId)) {
    throw new InvalidOptionError({
      option: '--application',
      text: applicationId,
      reason: 'it is no application id',
      hint: 'Copy it from the page of the application at Discord, such as 80351110224678912.',
    })
  }
  const { url, permissions } = renderInvite({ applicationId })
  write(`${url}\n`)
  explain('\nWhat the bot asks for, and why:\n')
  for (const { name, why } of permissions) explain(`  ${name.padEnd(25)} ${why}\n`)
  return 0
}

function checkUrl(text: string): string {
  const url = URL.parse(text)
  if (url?.protocol === 'https:' && url.search === '') return url.href.replace(/\/$/, '')
  throw new InvalidOptionError({
    option: '--url',
    text,
    reason: 'it is no public address',
    hint: 'Write one that begins with https://, or leave it out for Socket Mode.',
  })
}
