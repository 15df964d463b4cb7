/** Writes a text and waits until the reader's side has taken it. */
export type Write = (text: string) => Promise<void>

/** A `write` for a stream whose reader may go away at any time; that is told by `onGone`, and by rejection. */
export function createWriter(output: NodeJS.WriteStream, onGone: () => void): Write {
  // Never taken off: without a listener a late EPIPE would end the process with a stack trace.
  output.on('error', onGone)
  return (text) =>
    new Promise((resolve, reject) => {
      output.write(text, (cause) => {
        if (!cause) return resolve()
        onGone()
        reject(new Error('Nobody reads the terminal any more.', { cause }))
      })
    })
}
