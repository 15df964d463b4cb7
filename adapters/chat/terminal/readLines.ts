import { StringDecoder } from 'node:string_decoder'

/** Far above what a command may have: only a stream without line ends gets here, and must not fill the memory. */
const maxLineLength = 100_000

/**
 * Hands on the lines of a stream, and reads no further until they are dealt with. Returns its off switch, after
 * which the stream no longer keeps the process alive even if it never ends.
 */
export function readLines(
  input: NodeJS.ReadStream,
  onLine: (line: string) => Promise<void>,
): () => void {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let isOpen = true

  function onData(chunk: Buffer): void {
    const lines = (rest + decoder.write(chunk)).split('\n')
    rest = (lines.pop() ?? '').slice(0, maxLineLength)
    if (lines.length === 0) return
    input.pause()
    void Promise.all(lines.map(onLine)).then(() => isOpen && input.resume())
  }

  function onEnd(): void {
    const line = rest + decoder.end()
    rest = ''
    void onLine(line)
  }

  input.on('data', onData)
  input.on('end', onEnd)
  // A stream that cannot be read has no commands; that is no reason to stop.
  input.on('error', () => undefined)
  return () => {
    if (!isOpen) return
    isOpen = false
    input.off('data', onData)
    input.off('end', onEnd)
    input.pause()
    // Files have no unref, and need none.
    input.unref?.()
  }
}
