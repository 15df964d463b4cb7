import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const programTimeoutMs = 10_000

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'posse-start-'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  copyFileSync(fileURLToPath(import.meta.resolve('#src/start.js')), join(folder, 'start.js'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs `start.js` beside a `cli.ts` with this text. */
function start({
  cli = 'export const runCli = async (): Promise<number> => 0',
  node = process.execPath,
  nodeOptions = [],
  args = [],
}: {
  cli?: string
  node?: string
  nodeOptions?: string[]
  args?: string[]
}) {
  writeFileSync(join(folder, 'cli.ts'), cli)
  const { status, stdout, stderr } = spawnSync(
    node,
    [...nodeOptions, join(folder, 'start.js'), ...args],
    { encoding: 'utf8', timeout: programTimeoutMs, env: { PATH: process.env.PATH } },
  )
  return { status, stdout, stderr }
}

/** The first Node of this machine that is too old and young enough for modules, if it has one. */
function findOldNode(): { node: string; version: string } | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin']
  for (const node of folders.map((path) => join(path, 'node'))) {
    const { stdout } = spawnSync(node, ['--version'], {
      encoding: 'utf8',
      timeout: programTimeoutMs,
    })
    const [, version, major] = /^(v(\d+)\.\S+)/.exec(stdout ?? '') ?? []
    if (version && Number(major) >= 14 && Number(major) < 24) return { node, version }
  }
  return undefined
}

const pretendOld =
  "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })"
const simulated = {
  name: 'this Node, pretending',
  node: process.execPath,
  nodeOptions: ['--import', `data:text/javascript,${encodeURIComponent(pretendOld)}`],
  version: 'v20.20.2',
}
const old = findOldNode()
const oldNodes = old
  ? [simulated, { name: 'an old Node of this machine', nodeOptions: [], ...old }]
  : [simulated]

describe('start', () => {
  test('default: hands the arguments to the command line and exits with its code', () => {
    const cli = `
      export async function runCli(args: string[]): Promise<number> {
        console.log(JSON.stringify(args))
        return 75
      }`
    expect(start({ cli, args: ['replay', '--case', 'ronin'] })).toEqual({
      status: 75,
      stdout: '["replay","--case","ronin"]\n',
      stderr: '',
    })
  })

  test.each(oldNodes)('error: Node is too old ($name)', ({ node, nodeOptions, version }) => {
    // What the command line would do must not matter: an old Node cannot even read it.
    const cli = 'throw new Error("not reached")'
    expect(start({ cli, node, nodeOptions })).toEqual({
      status: 1,
      stdout: '',
      stderr: `Posse needs Node 24 and this is Node "${version}". On Linux x64 and arm64 "npm ci" brings it; elsewhere install Node 24 first.\n`,
    })
  })

  test.each([
    { specifier: 'zod', name: 'zod' },
    { specifier: 'viem/utils', name: 'viem' },
    { specifier: '@slack/bolt', name: '@slack/bolt' },
  ])('error: the package of "$specifier" is not installed', ({ specifier, name }) => {
    expect(start({ cli: `import '${specifier}'` })).toEqual({
      status: 1,
      stdout: '',
      stderr: `The package "${name}" is not installed. Run "npm ci" first.\n`,
    })
  })

  test('error: the package of a later import is not installed', () => {
    const cli = `
      export async function runCli(): Promise<number> {
        await import('discord.js')
        return 0
      }`
    expect(start({ cli })).toEqual({
      status: 1,
      stdout: '',
      stderr: 'The package "discord.js" is not installed. Run "npm ci" first.\n',
    })
  })

  test.each([
    { name: 'a missing file', cli: `import './gone.ts'`, text: 'Cannot find module' },
    { name: 'a throw while loading', cli: `throw new Error('broken')`, text: 'Error: broken' },
    {
      name: 'a throw while running',
      cli: `export async function runCli() { throw new Error('broken') }`,
      text: 'Error: broken',
    },
  ])('behavior: does not hide $name', ({ cli, text }) => {
    const { status, stderr } = start({ cli })
    expect(status).toBe(1)
    expect(stderr).toContain(text)
    expect(stderr).toMatch(/\n {4}at /)
    expect(stderr).not.toContain('npm ci')
  })
})
