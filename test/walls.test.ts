import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome')
const biomeTimeoutMs = 15_000

const sdks = ['discord.js', '@slack/bolt', 'viem', 'viem/chains']
const database = ['kysely', 'kysely/helpers/sqlite']
const impureNode = ['node:fs', 'node:fs/promises', 'node:net', 'node:timers/promises']
const pureNode = ['node:assert/strict', 'node:crypto', 'node:path', 'node:util']
const outside = ['#commands/freeze.ts', '#adapters/chat/slack.ts', '#config/schema.ts']
const ground = ['#types/case.ts', '#errors/base.ts', '#utils/retry.ts']
const core = ['#trace/followTransfer.ts', '#alert/decideAlerts.ts', '#chain/watchChain.ts']
// Ways out of a folder that are closed everywhere.
const upward = ['..', '../x.ts', '../../x.ts', './../x.ts', './a/../../x.ts', '#types/../x.ts']
// What no folder of the bot may import, whatever else it may.
const foreign = [...upward, '#test/support/x.ts', 'https://example.com/x.ts', '/x.ts']

type Wall = { file: string; allowed: string[]; forbidden: string[] }

const capabilityWall = {
  allowed: [
    './x.ts',
    './sub/x.ts',
    ...ground,
    '#trace/followTransfer.ts',
    '#alert/decideAlerts.ts',
    '#src/context.ts',
    'zod',
    ...pureNode,
  ],
  forbidden: [
    ...foreign,
    ...outside,
    ...sdks,
    ...impureNode,
    'kysely',
    'pino',
    '#chain/watchChain.ts',
    '#src/runChain.ts',
    '#src/main/createContext.ts',
    '#src/store/cases.ts',
    '#src/utils/retry.ts',
  ],
}

const pureWall = [
  ...foreign,
  ...outside,
  ...sdks,
  ...impureNode,
  ...pureNode,
  'zod',
  'pino',
  'kysely',
  '#src/context.ts',
  '#src/store/cases.ts',
  '#src/types/case.ts',
  '#chain/watchChain.ts',
]

const adapterWall = {
  allowed: [...ground, 'zod', ...impureNode],
  forbidden: [
    ...foreign,
    ...outside,
    ...core,
    '#src/context.ts',
    '#src/store/cases.ts',
    '#src/types/case.ts',
  ],
}

const walls: Wall[] = [
  ...['src/main/probe.ts', 'src/cli.ts'].map((file) => ({
    file,
    allowed: [
      './x.ts',
      '#src/runChain.ts',
      ...outside,
      ...ground,
      ...core,
      ...sdks,
      ...impureNode,
      ...database,
    ],
    forbidden: upward,
  })),
  ...['src/runChain.ts', 'src/context.ts'].map((file) => ({
    file,
    allowed: ['./x.ts', './store/x.ts', '#src/freeze/x.ts', ...ground, ...core, 'pino', 'node:fs'],
    forbidden: [
      ...foreign,
      ...outside,
      ...sdks,
      ...database,
      './main/createContext.ts',
      '#src/main/createContext.ts',
      './cli.ts',
      '#src/cli.ts',
    ],
  })),
  ...['chain', 'case', 'freeze', 'bounty', 'organization', 'evidence', 'unheardOf'].map(
    (folder) => ({
      file: `src/${folder}/probe.ts`,
      ...capabilityWall,
    }),
  ),
  {
    file: 'src/trace/probe.ts',
    allowed: ['./x.ts', './sub/x.ts', ...ground, '#trace/x.ts'],
    forbidden: [...pureWall, '#alert/decideAlerts.ts'],
  },
  {
    file: 'src/alert/probe.ts',
    allowed: ['./x.ts', './sub/x.ts', ...ground, '#alert/x.ts'],
    forbidden: [...pureWall, '#trace/followTransfer.ts'],
  },
  {
    file: 'src/store/probe.ts',
    allowed: ['./x.ts', '#types/case.ts', '#errors/base.ts', 'kysely', 'zod', ...pureNode],
    forbidden: [...foreign, ...outside, ...core, ...sdks, ...impureNode, '#src/context.ts', 'pino'],
  },
  {
    file: 'src/types/probe.ts',
    allowed: ['./x.ts', 'zod'],
    forbidden: [...foreign, ...outside, ...core, ...sdks, ...ground, ...pureNode, '#src/x.ts'],
  },
  {
    file: 'src/errors/probe.ts',
    allowed: ['./x.ts', '#types/case.ts', 'zod', ...pureNode],
    forbidden: [
      ...foreign,
      ...outside,
      ...core,
      ...sdks,
      ...impureNode,
      '#utils/x.ts',
      '#src/x.ts',
    ],
  },
  {
    file: 'src/utils/probe.ts',
    allowed: ['./x.ts', '#types/case.ts', '#errors/base.ts', 'viem/utils', 'papaparse', 'node:fs'],
    forbidden: [...foreign, ...outside, ...core, ...sdks, ...database, '#src/context.ts'],
  },
  {
    file: 'commands/probe.ts',
    allowed: [
      './x.ts',
      ...ground,
      ...core,
      '#src/context.ts',
      '#src/freeze/requestFreeze.ts',
      'zod',
      ...pureNode,
    ],
    forbidden: [
      ...foreign,
      '#adapters/chat/slack.ts',
      '#config/schema.ts',
      ...sdks,
      ...impureNode,
      'viem/utils',
      'kysely',
      'pino',
      '#src/store/cases.ts',
      '#src/main/createContext.ts',
      '#src/cli.ts',
    ],
  },
  {
    file: 'adapters/chain/probe.ts',
    allowed: [...adapterWall.allowed, 'viem', 'viem/chains'],
    forbidden: [...adapterWall.forbidden, 'discord.js', '@slack/bolt', './evm.ts', './evm/x.ts'],
  },
  {
    file: 'adapters/chain/evm/probe.ts',
    allowed: [...adapterWall.allowed, 'viem', 'viem/chains', './x.ts'],
    forbidden: [...adapterWall.forbidden, 'discord.js', '@slack/bolt'],
  },
  {
    file: 'adapters/chat/probe.ts',
    allowed: [...adapterWall.allowed, 'discord.js', '@slack/bolt'],
    forbidden: [...adapterWall.forbidden, 'viem', 'viem/chains', ...database, './slack.ts'],
  },
  {
    file: 'adapters/chat/slack/probe.ts',
    allowed: [...adapterWall.allowed, '@slack/bolt', './x.ts'],
    forbidden: [...adapterWall.forbidden, 'viem', 'viem/chains', ...database],
  },
  ...['config/probe.ts', 'config/cases/bybit/probe.ts'].map((file) => ({
    file,
    allowed: ['./x.ts', './x.json', '#config/x.ts', '#types/case.ts', 'zod', 'node:fs'],
    forbidden: [
      ...foreign,
      ...core,
      ...sdks,
      '#utils/retry.ts',
      '#commands/freeze.ts',
      '#adapters/chat/slack.ts',
      '#src/context.ts',
      'papaparse',
    ],
  })),
  {
    file: 'config/cases/bybit/convert.ts',
    allowed: ['./x.ts', '#config/x.ts', '#types/case.ts', 'zod', 'node:fs', 'papaparse'],
    forbidden: [...foreign, ...core, ...sdks, '#adapters/labels/x.ts', '#src/context.ts'],
  },
  ...['test/probe.test.ts', 'test/support/probe.ts', 'bench/probe.ts'].map((file) => ({
    file,
    allowed: ['./x.ts', '#test/support/x.ts', ...outside, ...ground, ...core, ...sdks, 'node:fs'],
    forbidden: upward,
  })),
]

// Each way to write an import, all of the same wall.
const forms = [
  (from: string) => `import '${from}'`,
  (from: string) => `import x from '${from}'`,
  (from: string) => `import { x } from '${from}'`,
  (from: string) => `import * as x from '${from}'`,
  (from: string) => `import type { X } from '${from}'`,
  (from: string) => `import { type X } from '${from}'`,
  (from: string) => `export * from '${from}'`,
  (from: string) => `export { x } from '${from}'`,
  (from: string) => `export type { X } from '${from}'`,
  (from: string) => `export const x = await import('${from}')`,
]
const formsFile = 'src/trace/forms.ts'
const formLines = ['#src/context.ts', '#types/case.ts'].flatMap((from) =>
  forms.map((form) => form(from)),
)

const clockAndIo = [
  'process.env',
  'setTimeout(f, 1)',
  'setInterval(f, 1)',
  "fetch('x')",
  'performance.now()',
  'console.log(1)',
  'crypto.randomUUID()',
  'globalThis.Date',
]
const globals = [
  {
    file: 'src/trace/globals.ts',
    allowed: ['BigInt(1)', 'structuredClone(x)'],
    forbidden: [...clockAndIo, 'Date.now()', 'new Date(1)'],
  },
  // What an alert says may hold a date that was given.
  { file: 'src/alert/globals.ts', allowed: ['new Date(1)'], forbidden: clockAndIo },
]

/** `rule file:line` of everything that Biome found in the probes. */
let found = new Set<string>()

beforeAll(() => {
  const files = new Map([[formsFile, formLines]])
  for (const { file, allowed, forbidden } of globals) files.set(file, [...allowed, ...forbidden])
  for (const { file, allowed, forbidden } of walls) {
    files.set(
      file,
      [...allowed, ...forbidden].map((from) => `import '${from}'`),
    )
  }
  found = lint(files)
})

/** Lints these lines in a copy of the layout, with the walls of this repository. */
function lint(files: Map<string, string[]>): Set<string> {
  const folder = mkdtempSync(join(tmpdir(), 'posse-walls-'))
  try {
    copyFileSync(join(root, 'biome.json'), join(folder, 'biome.json'))
    for (const [file, lines] of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), lines.join('\n'))
    }
    const rules = ['--only=style/noRestrictedImports', '--only=style/noRestrictedGlobals']
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [
        biome,
        'lint',
        '--vcs-enabled=false',
        '--reporter=rdjson',
        '--max-diagnostics=none',
        ...rules,
      ],
      { cwd: folder, encoding: 'utf8', timeout: biomeTimeoutMs, maxBuffer: 2 ** 26 },
    )
    if (!stdout.startsWith('{')) throw new Error(`Biome says "${stderr}".`)
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: {
        code: { value: string }
        location: { path: string; range: { start: { line: number } } }
      }[]
    }
    return new Set(
      diagnostics.map(
        ({ code, location }) => `${code.value} ${location.path}:${location.range.start.line}`,
      ),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Those of the lines of a probe that Biome found fault with. */
function findFaults(rule: string, file: string, lines: string[]): string[] {
  return lines.filter((_, index) => found.has(`lint/style/${rule} ${file}:${index + 1}`))
}

describe('walls', () => {
  test.each(walls)('$file imports what it may and nothing else', ({ file, allowed, forbidden }) => {
    const lines = [...allowed, ...forbidden]
    expect(findFaults('noRestrictedImports', file, lines)).toEqual(forbidden)
  })

  test('behavior: the form of an import does not matter', () => {
    const forbidden = formLines.slice(0, forms.length)
    expect(findFaults('noRestrictedImports', formsFile, formLines)).toEqual(forbidden)
  })

  test.each(globals)('$file has no clock and no I/O', ({ file, allowed, forbidden }) => {
    const lines = [...allowed, ...forbidden]
    expect(findFaults('noRestrictedGlobals', file, lines)).toEqual(forbidden)
  })
})

// What Biome cannot see, looked for in the text of the real files.

const walled = ['src', 'commands', 'adapters', 'config']
const sources = walled
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      (file) => `${folder}/${file.replaceAll('\\', '/')}`,
    ),
  )
  .filter((file) => file.endsWith('.ts') && !file.startsWith('src/main/') && file !== 'src/cli.ts')

/** `file: text` of every match in the files of these folders. */
function findInSources(folders: RegExp, pattern: RegExp): string[] {
  return sources
    .filter((file) => folders.test(file))
    .flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(pattern)].map(
        ([text]) => `${file}: ${text}`,
      ),
    )
}

describe('what Biome cannot see', () => {
  test('import() is awaited and of a plain string: no type, no computed name', () => {
    const hidden = /(?<!\bawait )\bimport\s*\(.*|\bimport\s*\(\s*[^'"\s].*/g
    expect(findInSources(/^/, hidden)).toEqual([])
  })

  test('no module comes in by another door', () => {
    expect(findInSources(/^/, /\bcreateRequire\b|\bgetBuiltinModule\b/g)).toEqual([])
  })

  test('capabilities and commands take the context as a type only', () => {
    const folders = /^(?:commands|src\/[^/]+)\//
    expect(
      findInSources(folders, /\b(?:import|export)\s+(?!type\b)[^'"]*from\s*['"]#src\/context\.ts/g),
    ).toEqual([])
  })

  test('src/trace and src/alert read no clock and roll no dice', () => {
    const impure = /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|\bMath\.random\b/g
    expect(findInSources(/^src\/(?:trace|alert)\//, impure)).toEqual([])
  })
})
