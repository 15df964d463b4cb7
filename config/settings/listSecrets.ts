/** Shorter parts of a URL are words such as `v2`, and no keys. Characters. */
const minPart = 8

/** Shorter values of variables would blacken half of the log. Characters. */
const minValue = 4

/**
 * Every text that must never be logged, longest first: URLs, their parts that can be keys, and what variables held.
 */
export function listSecrets({
  urls,
  values,
}: {
  urls: readonly string[]
  values: readonly string[]
}): string[] {
  const secrets = new Set(urls.flatMap(partsOf))
  for (const value of values) if (value.length >= minValue) secrets.add(value)
  return [...secrets].sort((a, b) => b.length - a.length)
}

function partsOf(text: string): string[] {
  const url = URL.parse(text)
  if (!url) return [text]
  const { href, pathname, search, searchParams, hash, username, password } = url
  const login = `${decode(username)}:${decode(password)}`
  const parts = [
    ...pathname.split('/'),
    `${pathname}${search}`,
    ...searchParams.values(),
    ...search.slice(1).split('&'),
    ...search.split(/[?&=]/),
    hash.slice(1),
    username,
    password,
    `${username}:${password}`,
    // The header that fetch makes of them.
    ...(username || password ? [Buffer.from(login).toString('base64')] : []),
  ].flatMap((part) => [part, decode(part)])
  return [text, href, ...parts.filter((part) => part.length >= minPart)]
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
