/** Milliseconds before a bar is worth showing, and between two redraws. */
const quietMs = 400
const redrawMs = 100
const cells = 30

/** A bar on a terminal's error stream; silent where it is no terminal and on short work. */
export function createProgressBar(
  title: string,
  output: NodeJS.WriteStream,
): { update(done: number, all: number): void; end(): void } {
  const start = performance.now()
  let drawn = 0
  return {
    update(done, all) {
      const now = performance.now()
      if (!output.isTTY || now - start < quietMs || now - drawn < redrawMs) return
      drawn = now
      const share = all > 0 ? Math.min(1, done / all) : 1
      const full = Math.round(share * cells)
      const bar = '█'.repeat(full) + '░'.repeat(cells - full)
      output.write(`\r${title} ${bar} ${Math.floor(share * 100)} %`)
    },
    end() {
      if (drawn > 0) output.write(`\r${' '.repeat(title.length + cells + 8)}\r`)
    },
  }
}
