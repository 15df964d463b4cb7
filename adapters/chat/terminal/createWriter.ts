/** Writes a text and waits until the reader's side has taken it. */
export type Write = (text: string) => Promise<void>

/**
 * A `write` for a stream whose reader may go away at any time, as `head` does. That is told by `onGone`; what is
 * written from then on is dropped, for there is nobody to show it to.
 */
export function createWriter(output: NodeJS.WriteStream, onGone: () => void): Write {
  // Never taken off: without a listener a late EPIPE would end the process with a stack trace.
  output.on('error', onGone)
  return (text) =>
    new Promise((resolve) => {
      output.write(text, (error) => {
        if (error) onGone()
        resolve()
      })
    })
}
