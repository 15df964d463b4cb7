import { type REST, Routes } from 'discord.js'
import type { Commands } from './renderCommands.ts'

/** Tells a server which commands there are, where it does not know them yet; answers whether it did not. */
export async function registerCommands(
  rest: REST,
  { application, guild, body }: { application: string; guild: string } & Pick<Commands, 'body'>,
): Promise<boolean> {
  const route = Routes.applicationGuildCommands(application, guild)
  const known = (await rest.get(route)) as unknown[]
  const print = (list: readonly unknown[]) => JSON.stringify(list.map(essence).sort())
  if (print(known) === print(body)) return false
  await rest.put(route, { body })
  return true
}

/** Of a command or option what we say of it, in one order; what Discord adds is left out. */
function essence(given: unknown): string {
  const { name, description, type, options, required, choices, autocomplete, ...rest } =
    given as Record<string, unknown>
  const permissions = rest.default_member_permissions ?? null
  const list = (value: unknown) => (Array.isArray(value) ? value : [])
  return JSON.stringify([
    name,
    description ?? '',
    type ?? 1,
    required ?? false,
    autocomplete ?? false,
    list(choices).map((choice) => [choice.name, choice.value]),
    list(options).map(essence),
    permissions,
  ])
}
