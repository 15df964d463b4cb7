import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import {
  type Address,
  createTestClient,
  encodeFunctionData,
  type Hex,
  http,
  parseAbi,
  publicActions,
  walletActions,
} from 'viem'
import { foundry } from 'viem/chains'
import { testTokenCode } from '#test/anvil/testToken.ts'
import type { Chain } from '#types/chain.ts'

/** anvil comes as a package for x64 alone. */
export const hasAnvil = process.arch === 'x64' && process.platform === 'linux'

export type Anvil = Awaited<ReturnType<typeof startAnvil>>

const abi = parseAbi([
  'function mint(address to, uint256 value)',
  'function transfer(address to, uint256 value) returns (bool)',
  'function deposit() payable',
  'function withdraw(uint256 wad)',
])

/** Always the same, so that a transaction sent again after a reorganization has the same hash. */
const gasPrice = 20_000_000_000n

const deployer: Address = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'

/** A real node of its own. It mines when it is told to, one second after the block before, and signs for anybody. */
export async function startAnvil() {
  const child = spawn(
    'node_modules/.bin/anvil',
    ['--port', '0', '--no-mining', '--auto-impersonate', '--timestamp', '1700000000'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const url = await readUrl(child.stdout)
  const client = createTestClient({
    chain: foundry,
    mode: 'anvil',
    transport: http(url),
    pollingInterval: 20,
  })
    .extend(publicActions)
    .extend(walletActions)
  await client.setBlockTimestampInterval({ interval: 1 })

  /** Sends without waiting: the next block takes it in. */
  function send(
    from: string,
    to: string | null,
    {
      value = 0n,
      data = '0x',
      gas = 1_000_000n,
    }: { value?: bigint; data?: Hex; gas?: bigint } = {},
  ) {
    const request = {
      account: from as Address,
      to: to as Address,
      value,
      data,
      gas,
      gasPrice,
    }
    return client.sendTransaction({ ...request, chain: foundry })
  }

  function call(from: string, token: string, name: 'mint' | 'transfer', to: string, value: bigint) {
    return send(from, token, {
      data: encodeFunctionData({ abi, functionName: name, args: [to as Address, value] }),
    })
  }

  async function deploy(): Promise<string> {
    const hash = await send(deployer, null, { data: testTokenCode })
    await client.mine({ blocks: 1 })
    const { contractAddress } = await client.waitForTransactionReceipt({ hash })
    return String(contractAddress).toLowerCase()
  }

  return {
    url,
    client,
    send,
    deploy,
    endow: (address: string, value: bigint) =>
      client.setBalance({ address: address as Address, value }),
    pay: (from: string, to: string, value: bigint) => send(from, to, { value }),
    mint: (token: string, to: string, value: bigint) => call(deployer, token, 'mint', to, value),
    transfer: (from: string, token: string, to: string, value: bigint) =>
      call(from, token, 'transfer', to, value),
    wrap: (from: string, token: string, value: bigint) =>
      send(from, token, { value, data: encodeFunctionData({ abi, functionName: 'deposit' }) }),
    unwrap: (from: string, token: string, value: bigint) =>
      send(from, token, {
        data: encodeFunctionData({ abi, functionName: 'withdraw', args: [value] }),
      }),
    mine: (blocks = 1) => client.mine({ blocks }),
    async stop() {
      if (child.exitCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

async function readUrl(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const [, address] = /^Listening on (\S+)/.exec(line) ?? []
    if (address) {
      // What follows must be read too, or the pipe fills up.
      output.resume()
      return `http://${address}`
    }
  }
  throw new Error('anvil has ended before it listened.')
}

/** The chain that anvil serves, with a token and a wrapper of its native asset. */
export function anvilChain({ token, weth }: { token?: string; weth?: string } = {}): Chain {
  const native = { id: 'eip155:31337/slip44:60', symbol: 'ETH', decimals: 18 }
  return {
    id: 'eip155:31337',
    name: 'Anvil',
    native,
    tokens: [
      ...(token
        ? [
            {
              contract: token,
              asset: { id: `eip155:31337/erc20:${token}`, symbol: 'TEST', decimals: 18 },
            },
          ]
        : []),
      ...(weth ? [{ contract: weth, asset: native, wrapsNative: true }] : []),
    ],
    confirmations: 3,
    explorer: {
      address: 'https://explorer.example/address/',
      transaction: 'https://explorer.example/tx/',
    },
  }
}
