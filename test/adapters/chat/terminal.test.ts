import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  createTerminalChat,
  type TerminalChatOptions,
} from '#adapters/chat/terminal/createTerminalChat.ts'
import { testChat } from '#test/contract/chat.ts'
import type { Message, Reply } from '#types/message.ts'

const place = { channel: 'terminal' }

const titled = (title: string): Message => ({ title, sections: [] })
const answer = async ({ text }: { text: string }): Promise<Reply> => titled(`answer to ${text}`)

type Options = Partial<TerminalChatOptions> & { isTTY?: boolean; columns?: number }

/** A terminal chat on two streams, with or without a person behind them. */
function openTerminal({ isTTY = true, columns = 40, ...options }: Options = {}) {
  const input = new PassThrough()
  const output = new PassThrough()
  const setRawMode = vi.fn()
  if (isTTY) Object.assign(input, { isTTY, setRawMode })
  if (isTTY) Object.assign(output, { isTTY, columns, rows: 30, hasColors: () => true })
  const chunks: Buffer[] = []
  output.on('data', (chunk) => chunks.push(chunk))
  const onExit = vi.fn()
  const chat = createTerminalChat({
    onExit,
    input: input as unknown as NodeJS.ReadStream,
    output: output as unknown as NodeJS.WriteStream,
    timeZone: 'UTC',
    ...options,
  })
  const seen = (): string => Buffer.concat(chunks).toString()
  /** Types or pastes, and waits until all of it has been worked off. */
  const type = async (text: string): Promise<void> => {
    input.write(text)
    await wait(20)
  }
  return {
    chat,
    input,
    output,
    onExit,
    setRawMode,
    seen,
    type,
    screen: () => draw(seen(), columns),
  }
}

const escapeCode = '\u001b'
const sequences = new RegExp(`${escapeCode}\\[(\\d*)([A-Za-z])|[\\s\\S]`, 'gu')

/** What a screen shows after these characters: as much of a terminal as Node and Posse use. */
function draw(text: string, columns: number): string {
  const rows: string[][] = [[]]
  let [row, column] = [0, 0]
  const at = (index: number): string[] => {
    while (rows.length <= index) rows.push([])
    return rows[index] as string[]
  }
  for (const [part, count, code] of text.matchAll(sequences)) {
    const size = Number(count || 1)
    if (code === 'A') row = Math.max(0, row - size)
    else if (code === 'B') row += size
    else if (code === 'C') column += size
    else if (code === 'D') column = Math.max(0, column - size)
    else if (code === 'G') column = size - 1
    else if (code === 'J') {
      at(row).splice(column)
      rows.splice(row + 1)
    } else if (code === 'K') at(row).splice(column)
    else if (part === '\r') column = 0
    else if (part === '\n') [row, column] = [row + 1, 0]
    else if (code === undefined) {
      // A real terminal, too, goes to the next row only when there is something to put there.
      if (column === columns) [row, column] = [row + 1, 0]
      at(row)[column] = part
      column += 1
    }
  }
  return rows
    .map((cells) =>
      Array.from(cells, (cell) => cell ?? ' ')
        .join('')
        .trimEnd(),
    )
    .join('\n')
}

for (const isTTY of [true, false]) {
  testChat(isTTY ? 'terminal' : 'terminal, plain', () => {
    const terminal = openTerminal({ isTTY, columns: 100 })
    return { ...terminal, say: (text) => terminal.type(`${text}\n`) }
  })
}

const opened: { chat: { stop(): Promise<void> } }[] = []

function open(options?: Options) {
  const terminal = openTerminal(options)
  opened.push(terminal)
  return terminal
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ chat }) => chat.stop()))
})

describe('createTerminalChat with a person', () => {
  test('default: a prompt, an answer, and the prompt again', async () => {
    const { chat, type, screen } = open()
    chat.listen(answer)
    await type('/posse help\r')
    expect(screen()).toBe('posse> /posse help\nanswer to help\n\nposse>')
  })

  test('behavior: typed text survives a message that arrives', async () => {
    const { chat, type, screen } = open()
    chat.listen(answer)
    await type('freeze app')
    await chat.post(
      { title: 'Followed block 1', sections: [{ type: 'text', text: 'Two hops.' }] },
      place,
    )
    await type('rove 1')
    expect(screen()).toBe('Followed block 1\n  Two hops.\n\nposse> freeze approve 1')
    await type('\r')
    expect(screen()).toContain('answer to freeze approve 1')
  })

  test.each([
    ['typed', (text: string) => [...text]],
    ['pasted', (text: string) => [text]],
  ])('behavior: %s text of several rows survives, the cursor in its middle', async (_, split) => {
    // Beside the prompt 33 characters fill a row exactly, and 73 fill two.
    for (const length of [20, 32, 33, 34, 72, 73, 74, 150]) {
      const { chat, type, input, screen } = open()
      const text = 'abcdefghij'.repeat(15).slice(0, length)
      chat.listen(answer)
      await chat.post(titled('The first'), place)
      for (const part of split(text)) {
        input.write(part)
        await wait(0)
      }
      await chat.post(titled('The second'), place)
      await type('\u001b[D\u001b[D')
      await chat.post(titled('The third'), place)
      await type('X')
      await chat.post(titled('The fourth'), place)
      const line = `posse> ${text.slice(0, -2)}X${text.slice(-2)}`
      const rows = line.match(/.{1,40}/g)?.join('\n')
      // Node goes on to a new row when one is full.
      expect(screen().trimEnd(), `${length} characters`).toBe(
        `The first\n\nThe second\n\nThe third\n\nThe fourth\n\n${rows}`,
      )
    }
  })

  test('behavior: pasted text of several rows can be edited in place', async () => {
    for (const length of [32, 33, 34, 72, 73, 74, 150]) {
      const { chat, type, screen } = open()
      const text = 'abcdefghij'.repeat(15).slice(0, length)
      chat.listen(answer)
      await chat.post(titled('The first'), place)
      await type(text)
      await type('\u0001')
      await type('X')
      const rows = `posse> X${text}`.match(/.{1,40}/g)?.join('\n')
      expect(screen().trimEnd(), `${length} characters`).toBe(`The first\n\n${rows}`)
    }
  })

  test.each([
    true,
    false,
  ])('behavior: a quiet update prints nothing, a person there: %s', async (isTTY) => {
    const { chat, seen } = open({ isTTY })
    const ref = await chat.post(titled('Found'), place)
    const before = seen()
    await chat.edit(ref, { ...titled('Found'), isQuiet: true }, place)
    await chat.edit('of another run', { ...titled('Gone'), isQuiet: true }, place)
    expect(seen()).toBe(before)
    await chat.edit(ref, titled('Found again'), place)
    expect(seen()).toContain('Found again')
  })

  test('behavior: what is posted is shown, quiet or not', async () => {
    const { chat, seen } = open()
    await chat.post({ ...titled('Found'), isQuiet: true }, place)
    expect(seen()).toContain('Found')
  })

  test('behavior: an update is the message again, with an arrow', async () => {
    const { chat, seen } = open()
    const ref = await chat.post({ severity: 'red', title: 'Found', sections: [] }, place)
    await chat.edit(ref, { severity: 'amber', title: ['Found', ' again'], sections: [] }, place)
    await chat.edit('of another run', titled('Gone'), place)
    expect(stripVTControlCharacters(seen())).toBe('● !! Found\n\n● !  ↳ Found again\n\nGone\n\n')
  })

  test('behavior: tab completes a whole line, with or without the prefix', async () => {
    const lines = ['freeze approve', 'freeze list', 'help']
    const complete = vi.fn(async (line: string) => lines.filter((known) => known.startsWith(line)))
    const { chat, type, screen } = open({ complete })
    chat.listen(answer)
    await type('he\t')
    expect(screen()).toBe('posse> help')
    await type('\u0015/posse fr\t')
    expect(screen()).toBe('posse> /posse freeze')
    await type('\t')
    await type('\t')
    expect(screen()).toContain('/posse freeze approve')
    expect(complete.mock.calls.map(([line]) => line)).toEqual(['he', 'fr', 'freeze ', 'freeze '])
  })

  test('behavior: completion that fails or holds tricks gives nothing', async () => {
    const complete = vi.fn(async (line: string): Promise<string[]> => {
      if (line === 'he') throw new Error('broken')
      return [`${line}\u001b[2J`]
    })
    const { chat, type, screen } = open({ complete })
    chat.listen(answer)
    await type('he\t')
    await type('l\t')
    expect(complete).toHaveBeenCalledTimes(2)
    expect(screen()).toBe('posse> hel')
  })

  test('behavior: completion that throws at once gives nothing', async () => {
    const complete = (): Promise<string[]> => {
      throw new Error('broken')
    }
    const { chat, type, screen } = open({ complete })
    chat.listen(answer)
    await type('he\t')
    await type('lp\r')
    expect(screen()).toBe('posse> help\nanswer to help\n\nposse>')
  })

  test('behavior: completion that comes late is not put into what was typed meanwhile', async () => {
    let finish = (_: string[]): void => undefined
    const complete = () => new Promise<string[]>((resolve) => (finish = resolve))
    const { chat, type, screen } = open({ complete })
    chat.listen(answer)
    await type('he\t')
    await chat.post(titled('News'), { channel: 'terminal' })
    await type('xy')
    finish(['help'])
    await type('')
    expect(screen()).toBe('News\n\nposse> hexy')
    await type('z\r')
    expect(screen()).toContain('answer to hexyz')
  })

  test('behavior: completion that never comes holds up nobody for long', async () => {
    const complete = () => new Promise<string[]>(() => undefined)
    const { chat, type, screen } = open({ complete })
    chat.listen(answer)
    await type('he\t')
    await type('lp\r')
    await vi.waitFor(() => expect(screen()).toContain('answer to help'), 5_000)
  })

  test('behavior: completion that comes after the end is dropped', async () => {
    let finish = (_: string[]): void => undefined
    const complete = () => new Promise<string[]>((resolve) => (finish = resolve))
    const { chat, type, screen } = open({ complete })
    chat.listen(answer)
    await type('he\t')
    await chat.stop()
    finish(['help'])
    await type('')
    expect(screen()).toBe('posse> he')
  })

  test('behavior: the arrow key brings lines back, those of earlier runs too', async () => {
    const { chat, type, screen } = open({ history: ['newest', 'trick\u001b[2J', 'oldest'] })
    chat.listen(answer)
    await type('now\r')
    for (const line of ['now', 'newest', 'oldest']) {
      await type('\u001b[A')
      expect(screen().split('\n').at(-1)).toBe(`posse> ${line}`)
    }
  })

  test('behavior: an empty line does nothing, the prefix alone is handed on', async () => {
    const { chat, type } = open()
    const handler = vi.fn(answer)
    chat.listen(handler)
    await type('\r   \r/posse\rposse\r')
    expect(handler.mock.calls.map(([call]) => call.text)).toEqual(['', ''])
  })

  test('behavior: a command comes from the terminal, in the terminal', async () => {
    const { chat, type } = open()
    const handler = vi.fn(answer)
    chat.listen(handler)
    await type('help\r')
    expect(handler.mock.calls).toEqual([
      [{ text: 'help', user: { id: 'terminal', name: 'terminal' }, channel: 'terminal' }],
    ])
  })

  test('behavior: a line of 50,000 characters is handed on whole', async () => {
    const { chat, input, seen } = open()
    const handler = vi.fn(async ({ text }: { text: string }) => titled(`It has ${text.length}.`))
    chat.listen(handler)
    input.write(`${'x'.repeat(50_000)}\r`)
    await vi.waitFor(() => expect(seen()).toContain('It has 50000.'), 5_000)
  })

  test.each([
    ['exit', 'exit\r'],
    ['quit', '/posse quit\r'],
    ['Ctrl-D', '\u0004'],
    ['Ctrl-C', 'half a command\u0003'],
  ])('behavior: %s leaves once and gives the terminal back', async (_, keys) => {
    const { chat, type, onExit, setRawMode } = open()
    const handler = vi.fn(answer)
    chat.listen(handler)
    await type(keys)
    await type('\u0003help\r')
    expect(onExit).toHaveBeenCalledTimes(1)
    expect(setRawMode.mock.calls).toEqual([[true], [false]])
    expect(handler).not.toHaveBeenCalled()
    await chat.post(titled('The last words'), place)
  })

  test('behavior: a prompt nobody typed at is gone after stop, what was typed is not', async () => {
    const empty = open()
    empty.chat.listen(answer)
    await empty.chat.stop()
    await empty.chat.post(titled('Stopped.'), place)
    expect(empty.screen()).toBe('Stopped.')
    const typed = open()
    typed.chat.listen(answer)
    await typed.type(`${'half '.repeat(10)}a line`)
    await typed.type('\u0001')
    await typed.chat.stop()
    await typed.chat.post(titled('Stopped.'), place)
    expect(typed.screen()).toBe(
      'posse> half half half half half half hal\nf half half half a line\nStopped.',
    )
  })

  test('behavior: keys that come together with Ctrl-C are not handed on', async () => {
    const { chat, type, onExit } = open()
    const handler = vi.fn(answer)
    chat.listen(handler)
    await type('\u0003help\r')
    expect(onExit).toHaveBeenCalledTimes(1)
    expect(handler).not.toHaveBeenCalled()
  })

  test('behavior: an answer under way comes out after Ctrl-C', async () => {
    const { chat, type, onExit, screen } = open()
    let finish = (_: Reply): void => undefined
    chat.listen(() => new Promise((resolve) => (finish = resolve)))
    await type('help\r\u0003')
    expect(onExit).toHaveBeenCalledTimes(1)
    const stopped = chat.stop()
    finish(titled('Answered.'))
    await stopped
    expect(screen()).toBe('posse> help\nAnswered.')
  })

  test('behavior: a terminal that breaks or is closed leaves', async () => {
    const [broken, closed] = [open(), open()]
    broken.chat.listen(answer)
    closed.chat.listen(answer)
    broken.input.destroy(new Error('EIO'))
    closed.input.end()
    await wait(20)
    expect(broken.onExit).toHaveBeenCalledTimes(1)
    expect(closed.onExit).toHaveBeenCalledTimes(1)
  })

  test('behavior: no colours where the terminal has or wants none', async () => {
    const { chat, output, seen } = open()
    Object.assign(output, { hasColors: () => false })
    await chat.post({ severity: 'red', title: { strong: 'Found' }, sections: [] }, place)
    expect(seen()).toBe('!! Found\n\n')
  })
})

describe('createTerminalChat in a pipe', () => {
  test('default: a transcript', async () => {
    const { chat, type, seen } = open({ isTTY: false })
    chat.listen(answer)
    await chat.post(
      {
        severity: 'red',
        title: '12,500 ETH reached Binance',
        sections: [{ type: 'fields', fields: [{ name: 'Seen', value: { time: 1649041684 } }] }],
      },
      place,
    )
    await type('case list\r\n\n  /posse freeze approve 1\n')
    expect(seen()).toMatchInlineSnapshot(`
      "!! 12,500 ETH reached Binance
         Seen  2022-04-04 03:08:04 UTC

      posse> case list
      answer to case list

      posse> /posse freeze approve 1
      answer to freeze approve 1

      "
    `)
  })

  test('behavior: no escape sequence gets out, not even of a typed line', async () => {
    const { chat, type, seen } = open({ isTTY: false, complete: async () => ['help'] })
    chat.listen(async ({ text }) => ({
      severity: 'red',
      title: text,
      sections: [{ type: 'text', text: [{ strong: text }, { code: text }] }],
    }))
    await type('\u001b[31mhelp\u001b]0;x\u0007\t\u001b[A\n')
    expect(seen()).toContain('help')
    expect(seen()).not.toContain('\u001b')
  })

  test('behavior: one side without a person is enough to be plain', async () => {
    const { chat, input, seen, type } = open({ isTTY: true, input: process.stdin })
    Object.assign(input, { isTTY: false })
    chat.listen(answer)
    await type('')
    expect(seen()).toBe('')
  })

  test('behavior: input that ends, or ends at once, is no reason to leave', async () => {
    const { chat, input, seen, onExit } = open({ isTTY: false })
    chat.listen(answer)
    input.end('help')
    await vi.waitFor(() => expect(seen()).toBe('posse> help\nanswer to help\n\n'))
    await chat.post(titled('Still here.'), place)
    expect(seen()).toContain('Still here.')
    expect(onExit).not.toHaveBeenCalled()
  })

  test('behavior: input that cannot be read is no reason to leave', async () => {
    const { chat, input, seen, onExit } = open({ isTTY: false })
    chat.listen(answer)
    input.destroy(new Error('EISDIR'))
    await chat.post(titled('Still here.'), place)
    expect(seen()).toContain('Still here.')
    expect(onExit).not.toHaveBeenCalled()
  })

  test('behavior: a character may come in two pieces', async () => {
    const { chat, input, seen, type } = open({ isTTY: false })
    chat.listen(answer)
    const bytes = Buffer.from('币\n')
    input.write(bytes.subarray(0, 2))
    await wait(5)
    await type('')
    input.write(bytes.subarray(2))
    await vi.waitFor(() => expect(seen()).toContain('answer to 币'))
  })

  test('behavior: long lines are handed on whole, and one without an end fills no memory', async () => {
    const { chat, input } = open({ isTTY: false })
    const lengths: number[] = []
    chat.listen(async ({ text }) => {
      lengths.push(text.length)
      return titled('Read.')
    })
    input.write(`${'x'.repeat(50_000)}\n`)
    for (let count = 0; count < 100; count += 1) input.write('y'.repeat(50_000))
    input.write('\nhelp\n')
    await vi.waitFor(() => expect(lengths).toHaveLength(3), 5_000)
    expect(lengths[0]).toBe(50_000)
    expect(lengths[1]).toBeLessThan(200_000)
    expect(lengths[2]).toBe(4)
  })

  test('behavior: exit leaves in its turn, and what follows is not answered', async () => {
    const { chat, type, seen, onExit } = open({ isTTY: false })
    chat.listen(answer)
    await type('help\nexit\ncase list\n')
    expect(onExit).toHaveBeenCalledTimes(1)
    expect(seen()).toBe('posse> help\nanswer to help\n\nposse> exit\n')
  })

  test('behavior: a post waits for a slow reader', async () => {
    const { chat, output } = open({ isTTY: false })
    output.pause()
    const onPosted = vi.fn()
    const posts = Array.from({ length: 1_000 }, () =>
      chat.post({ title: 'x', sections: [{ type: 'text', text: 'y '.repeat(90) }] }, place),
    )
    void Promise.all(posts).then(onPosted)
    await wait(20)
    expect(onPosted).not.toHaveBeenCalled()
    output.resume()
    await vi.waitFor(() => expect(onPosted).toHaveBeenCalled())
  })

  test('behavior: a reader who is gone is told by onExit, once', async () => {
    const { chat, output, onExit } = open({ isTTY: false })
    output.destroy()
    const ref = await chat.post(titled('x'), place)
    await chat.edit(ref, titled('y'), place)
    expect(onExit).toHaveBeenCalledTimes(1)
  })
})

describe('createTerminalChat in a process of its own', () => {
  const url = import.meta.resolve('#adapters/chat/terminal/createTerminalChat.ts')
  const started: ChildProcessWithoutNullStreams[] = []

  /** Runs a program that has `chat`, and `onExit` to set. */
  function run(program: string) {
    const head = `
      const { createTerminalChat } = await import(${JSON.stringify(url)})
      let onExit = () => {}
      const chat = createTerminalChat({ onExit: () => onExit() })
      chat.listen(async ({ text }) => ({ title: 'answer to ' + text, sections: [] }))`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', head + program])
    started.push(child)
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk) => (stdout += chunk))
    child.stderr.on('data', (chunk) => (stderr += chunk))
    const ended = once(child, 'close').then(([code]) => ({ code, stdout, stderr }))
    return { child, ended }
  }

  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL')
  })

  test('behavior: input that never ends does not keep it alive after stop', async () => {
    const { child, ended } = run(`
      await chat.post({ title: 'ready', sections: [] }, { channel: 'terminal' })
      setTimeout(() => chat.stop(), 200)`)
    child.stdin.write('help\nhalf a li')
    expect(await ended).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^(ready\n\n|posse> help\nanswer to help\n\n){2}$/),
      stderr: '',
    })
  })

  test('behavior: a reader who goes away ends it in words, not with a stack trace', async () => {
    const { child, ended } = run(`
      const timer = setInterval(() => chat.post({ title: 'tick', sections: [] }, { channel: 'terminal' }), 5)
      onExit = () => {
        clearInterval(timer)
        process.exitCode = 7
        chat.stop()
      }`)
    await once(child.stdout, 'data')
    child.stdout.destroy()
    expect(await ended).toMatchObject({ code: 7, stderr: '' })
  })
})
