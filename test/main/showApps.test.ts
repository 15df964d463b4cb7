import { describe, expect, test } from 'vitest'
import { commands } from '#commands/index.ts'
import { showInvite, showManifest } from '#src/main/showApps.ts'

function print(
  show: (printing: { write: (text: string) => void; explain: (text: string) => void }) => number,
) {
  const out = { text: '', explained: '' }
  const code = show({
    write: (text) => {
      out.text += text
    },
    explain: (text) => {
      out.explained += text
    },
  })
  return { code, ...out }
}

describe('posse slack manifest', () => {
  test('default: Socket Mode, every scope explained, within the limits of a manifest', () => {
    const { code, text, explained } = print((printing) => showManifest(printing))
    const { display_information: about, features, oauth_config, settings } = JSON.parse(text)
    expect(code).toBe(0)
    for (const scope of oauth_config.scopes.bot) expect(explained).toContain(`  ${scope} `)
    expect(settings.socket_mode_enabled).toBe(true)
    expect(about.name.length).toBeLessThanOrEqual(35)
    expect(about.description.length).toBeLessThanOrEqual(140)
    const [command] = features.slash_commands
    expect([command.command, command.should_escape]).toEqual(['/posse', true])
    expect(command.usage_hint.length).toBeLessThanOrEqual(1_000)
    for (const { name } of commands) expect(command.usage_hint).toContain(name)
    for (const { name } of features.shortcuts) expect(name.length).toBeLessThanOrEqual(24)
  })

  test('behavior: with a public address Slack sends requests there', () => {
    const { text } = print((printing) =>
      showManifest({ url: 'https://posse.example/', ...printing }),
    )
    const manifest = JSON.parse(text)
    const events = 'https://posse.example/slack/events'
    expect(manifest.settings.socket_mode_enabled).toBe(false)
    expect(manifest.settings.interactivity.request_url).toBe(events)
    expect(manifest.settings.event_subscriptions.request_url).toBe(events)
    expect(manifest.features.slash_commands[0].url).toBe(events)
  })

  test('error: an address that is none', () => {
    expect(() => showManifest({ url: 'http://posse.example' })).toThrow(
      '"http://posse.example" does not fit --url: it is no public address.',
    )
  })
})

describe('posse discord invite', () => {
  test('default: the page, and what each permission is for', () => {
    const { text, explained } = print((printing) =>
      showInvite({ applicationId: '80351110224678912', ...printing }),
    )
    const url = new URL(text.trim())
    expect(`${url.origin}${url.pathname}`).toBe('https://discord.com/oauth2/authorize')
    expect(url.searchParams.get('scope')).toBe('bot applications.commands')
    const bits = BigInt(url.searchParams.get('permissions') ?? 0)
    const count = bits.toString(2).replaceAll('0', '').length
    expect(explained.trim().split('\n')).toHaveLength(count + 1)
    // No administrator.
    expect(bits & 8n).toBe(0n)
  })

  test('error: an id that is none', () => {
    expect(() => showInvite({ applicationId: 'posse' })).toThrow('it is no application id')
  })
})
