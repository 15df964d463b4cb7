/** What a failure of it means for the whole; its end means nothing. */
export async function neverEnds(work: Promise<void>): Promise<never> {
  await work
  return await new Promise<never>(() => undefined)
}
