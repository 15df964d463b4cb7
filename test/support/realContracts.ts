import { readFileSync } from 'node:fs'
import {
  type Abi,
  type Address,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  parseAbi,
  parseAbiParameters,
} from 'viem'
import type { Anvil } from './anvil.ts'

/** The contracts as their own packages ship them. */
const artifacts = {
  weth: '@uniswap/v2-periphery/build/WETH9.json',
  factory: '@uniswap/v2-core/build/UniswapV2Factory.json',
  router: '@uniswap/v2-periphery/build/UniswapV2Router02.json',
  factory3: '@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json',
  router3: '@uniswap/v3-periphery/artifacts/contracts/SwapRouter.sol/SwapRouter.json',
  manager3:
    '@uniswap/v3-periphery/artifacts/contracts/NonfungiblePositionManager.sol/NonfungiblePositionManager.json',
  token: '@openzeppelin/contracts/build/contracts/ERC20PresetMinterPauser.json',
  safe: '@safe-global/safe-contracts/build/artifacts/contracts/SafeL2.sol/SafeL2.json',
  proxies:
    '@safe-global/safe-contracts/build/artifacts/contracts/proxies/SafeProxyFactory.sol/SafeProxyFactory.json',
} as const

type Name = keyof typeof artifacts

export type Contract = { address: Address; abi: Abi }

const deployer: Address = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'

export const nobody: Address = '0x0000000000000000000000000000000000000000'

/** Deploys and calls real contracts on a node; every call is mined at once. */
export function createContracts(anvil: Anvil) {
  async function mined(hash: Hex) {
    await anvil.mine()
    const receipt = await anvil.client.waitForTransactionReceipt({ hash })
    if (receipt.status !== 'success') throw new Error(`The transaction ${hash} failed.`)
    return receipt
  }

  async function deployCode(code: Hex, abi: Abi): Promise<Contract> {
    const receipt = await mined(await anvil.send(deployer, null, { data: code, gas: 8_000_000n }))
    return { address: String(receipt.contractAddress).toLowerCase() as Address, abi }
  }

  return {
    deployer,
    deployCode,
    /** `given` are the arguments of the constructor, as `types` says. */
    async deploy(name: Name, types = '', given: readonly unknown[] = []): Promise<Contract> {
      const file = import.meta.resolve(artifacts[name])
      const { abi, bytecode } = JSON.parse(readFileSync(new URL(file), 'utf8'))
      const args =
        types === '' ? '' : encodeAbiParameters(parseAbiParameters(types), given).slice(2)
      const code = `0x${bytecode.replace(/^0x/, '')}${args}` as const
      return deployCode(code, abi)
    },
    async call(
      from: string,
      { address, abi }: Contract,
      functionName: string,
      args: readonly unknown[] = [],
      { value = 0n }: { value?: bigint } = {},
    ) {
      const data = encodeFunctionData({ abi, functionName, args })
      return await mined(await anvil.send(from, address, { value, data, gas: 6_000_000n }))
    },
    pay: async (from: string, to: string, value: bigint) => mined(await anvil.pay(from, to, value)),
    read: ({ address, abi }: Contract, functionName: string, args: readonly unknown[] = []) =>
      anvil.client.readContract({ address, abi, functionName, args }) as Promise<unknown>,
    balanceOf: (token: Contract, address: string) =>
      anvil.client.readContract({
        address: token.address,
        abi: parseAbi(['function balanceOf(address) view returns (uint256)']),
        functionName: 'balanceOf',
        args: [address as Address],
      }),
  }
}

export type Contracts = ReturnType<typeof createContracts>

/** Factory, router and a pair of WETH and each token, filled by the deployer; V3 too for the first. */
export async function deployExchange(
  contracts: Contracts,
  tokens: readonly Contract[],
  eth: bigint,
) {
  const { deploy, call } = contracts
  const weth = await deploy('weth')
  const factory = await deploy('factory', 'address', [deployer])
  const router = await deploy('router', 'address, address', [factory.address, weth.address])
  const forever = 10n ** 12n
  for (const token of tokens) {
    const supply = (await contracts.balanceOf(token, deployer)) / 10n
    await call(deployer, token, 'approve', [router.address, supply * 4n])
    const pool = [token.address, supply, 0n, 0n, deployer, forever]
    await call(deployer, router, 'addLiquidityETH', pool, { value: eth })
  }
  return { weth, factory, router, forever }
}

const feeTier = 3_000
/** One for one, in 64.96 bits. */
const evenPrice = 2n ** 96n
/** The widest range that the tick spacing of the tier allows. */
const widest = 887_220

/** A V3 pool of two tokens, one for one, filled by the deployer. */
export async function deployPool3(
  { deploy, call }: Contracts,
  {
    weth,
    tokens,
    amount,
  }: { weth: Contract; tokens: readonly [Contract, Contract]; amount: bigint },
) {
  const factory = await deploy('factory3')
  const router = await deploy('router3', 'address, address', [factory.address, weth.address])
  const given = [factory.address, weth.address, nobody]
  const manager = await deploy('manager3', 'address, address, address', given)
  const [first, second] = [...tokens].sort((a, b) => (a.address < b.address ? -1 : 1))
  if (!first || !second) throw new Error('A pool has two tokens.')
  const made = [first.address, second.address, feeTier, evenPrice]
  await call(deployer, manager, 'createAndInitializePoolIfNecessary', made)
  for (const token of tokens) await call(deployer, token, 'approve', [manager.address, amount])
  await call(deployer, manager, 'mint', [
    {
      ...{ token0: first.address, token1: second.address, fee: feeTier },
      ...{ tickLower: -widest, tickUpper: widest },
      ...{ amount0Desired: amount, amount1Desired: amount, amount0Min: 0n, amount1Min: 0n },
      ...{ recipient: deployer, deadline: 10n ** 12n },
    },
  ])
  return { router, fee: feeTier }
}
