import type { Label } from '#types/label.ts'

/** Bridges whose events are read. */
export const protocols = ['THORChain', 'Chainflip', 'Across', 'CCTP'] as const

/** A contract that takes value over to other chains, and says where to in its events. */
type BridgeContract = {
  chain: `eip155:${number}`
  contract: string
  /** The protocol, which says how its events are read, and what the contract is called. */
  protocol: (typeof protocols)[number]
  name: string
}

/**
 * Facts, each found in two or more public sources: THORChain's routers in its own `router_upgrade_info.go` and in Dune's and
 * wallets' lists; Chainflip's vaults in LI.FI's and Squid's contracts; Across's pools in L2BEAT's list, in DefiLlama's and in
 * Etherscan's name tags; Circle's token messengers in Circle's documentation and in wallets.
 */
export const bridgeContracts: readonly BridgeContract[] = [
  ...(
    [
      ['eip155:1', '0xd37bbe5744d730a1d98d8dc97c42f0ca46ad7146', 'Router V4.1'],
      ['eip155:1', '0x3624525075b88b24ecc29ce226b0cec1ffcb6976', 'Router V3'],
      ['eip155:1', '0xc145990e84155416144c532e31f89b840ca8c2ce', 'Router V2'],
      ['eip155:1', '0x42a5ed456650a09dc10ebc6361a7480fdd61f27b', 'Router V1'],
      ['eip155:1', '0x00dc6100103bc402d490aee3f9a5560cbd91f1d4', 'Router V6.1'],
      ['eip155:8453', '0x00dc6100103bc402d490aee3f9a5560cbd91f1d4', 'Router V6.1'],
      ['eip155:56', '0x00dc6100103bc402d490aee3f9a5560cbd91f1d4', 'Router V6.1'],
      ['eip155:56', '0xb30ec53f98ff5947ede720d32ac2da7e52a5f56b', 'Router V4.1'],
      ['eip155:43114', '0x00dc6100103bc402d490aee3f9a5560cbd91f1d4', 'Router V6.1'],
      ['eip155:43114', '0x8f66c4ae756bebc49ec8b81966dd8bba9f127549', 'Router V4'],
    ] as const
  ).map(([chain, contract, name]) => ({ chain, contract, protocol: 'THORChain' as const, name })),
  ...(
    [
      ['eip155:1', '0xf5e10380213880111522dd0efd3dbb45b9f62bcc'],
      ['eip155:42161', '0x79001a5e762f3befc8e5871b42f6734e00498920'],
    ] as const
  ).map(([chain, contract]) => ({
    ...{ chain, contract, protocol: 'Chainflip' as const, name: 'Vault' },
  })),
  ...(
    [
      ['eip155:1', '0x5c7bcd6e7de5423a257d81b442095a1a6ced35c5'],
      ['eip155:42161', '0xe35e9842fceaca96570b734083f4a58e8f7c5f2a'],
      ['eip155:10', '0x6f26bf09b1c792e3228e5467807a900a503c0281'],
      ['eip155:8453', '0x09aea4b2242abc8bb4bb78d537a67a245a7bec64'],
      ['eip155:137', '0x9295ee1d8c5b022be115a2ad3c30c72e34e7f096'],
    ] as const
  ).map(([chain, contract]) => ({
    ...{ chain, contract, protocol: 'Across' as const, name: 'Spoke Pool' },
  })),
  ...(
    [
      ['eip155:1', '0xbd3fa81b58ba92a82136038b25adec7066af3155', 'Token Messenger'],
      ['eip155:1', '0x28b5a0e9c621a5badaa536219b3a228c8168cf5d', 'Token Messenger V2'],
    ] as const
  ).map(([chain, contract, name]) => ({ chain, contract, protocol: 'CCTP' as const, name })),
]

/** The day on which they were looked up. */
const date = '2026-11-27'

/** What a contract of a bridge is called: a trail stops there, and goes on where it says. */
export function labelBridge({
  contract,
  protocol,
  name = 'contract',
}: {
  contract: string
  protocol: string
  /** @default it has none */
  name?: string
}): Label {
  return {
    address: contract,
    name: `${protocol}: ${name}`,
    kind: 'bridge',
    source: 'Bridge contracts (Posse)',
    date,
    confidence: 0.95,
    isStale: false,
  }
}

/** Those that ship. */
export const bridgeLabels: Label[] = bridgeContracts.map(labelBridge)
