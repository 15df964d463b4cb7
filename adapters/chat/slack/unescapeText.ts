/** What Slack puts in place of what a person typed: `<@U1|ann>`, `<#C1|alerts>`, `<!subteam^S1|@oncall>`, links. */
const entity = /<([^<>]{1,2000})>/g

/**
 * A command as a person typed it: people and channels become their ids as Posse writes them, user groups too, links
 * what was typed.
 */
export function unescapeText(text: string): string {
  return text
    .replace(entity, (_, inner: string) => readEntity(inner))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

function readEntity(inner: string): string {
  const [target = '', label] = inner.split('|')
  const group = /^!subteam\^(S\w+)$/.exec(target)?.[1]
  if (group) return `slack:${group}`
  if (/^[@#]\w+$/.test(target)) return `slack:${target.slice(1)}`
  if (target.startsWith('!')) return label ?? target.slice(1)
  return /^mailto:/.test(target) ? (label ?? target) : target
}
