/** What `action` makes of each item, in their order, with so many under way at once. */
export async function mapSome<Item, Result>(
  items: readonly Item[],
  action: (item: Item) => Promise<Result>,
  { atOnce = 16 }: { atOnce?: number } = {},
): Promise<Result[]> {
  const results: Result[] = []
  for (let at = 0; at < items.length; at += atOnce) {
    results.push(...(await Promise.all(items.slice(at, at + atOnce).map(action))))
  }
  return results
}
