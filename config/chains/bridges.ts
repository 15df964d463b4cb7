import type { Label } from '#types/label.ts'

/** Bridges whose events are read. */
export const protocols = [
  'THORChain',
  'Chainflip',
  'Across',
  'CCTP',
  'LayerZero',
  'Stargate',
  'deBridge',
  'Wormhole',
  'Lido',
  'mETH',
] as const

/** Those of them whose API is asked what their chains do not say. */
export const bridgeApis = ['THORChain', 'Chainflip'] as const

/** A contract that takes value over to other chains, and says where to in its events. */
type BridgeContract = {
  chain: `eip155:${number}`
  contract: string
  /** The protocol, which says how its events are read, and what the contract is called. */
  protocol: (typeof protocols)[number]
  name: string
}

type Row = readonly [chain: number, contract: string, name?: string]

/**
 * Facts, each found in public sources: THORChain's routers in its own `router_upgrade_info.go` and in Dune's and wallets'
 * lists; Chainflip's vaults in LI.FI's and Squid's contracts; Across's pools in its own `deployed-addresses.json`, L2BEAT's
 * list and DefiLlama's; Circle's messengers and transmitters in the Wormhole SDK, L2BEAT's list and DefiLlama's; LayerZero's
 * endpoint in its address book, and USDT0's contracts in the recorded events that the tests hold; Stargate's pools in its own `deployments`; deBridge's contracts in its README and DefiLlama's
 * list; Wormhole's in its SDK; Lido's queue in its own and others' contracts and front ends; that of mETH in a monitor of it.
 */
const rows: Readonly<Record<(typeof protocols)[number], readonly Row[]>> = {
  THORChain: [
    [1, '0xd37bbe5744d730a1d98d8dc97c42f0ca46ad7146', 'Router V4.1'],
    [1, '0x3624525075b88b24ecc29ce226b0cec1ffcb6976', 'Router V3'],
    [1, '0xc145990e84155416144c532e31f89b840ca8c2ce', 'Router V2'],
    [1, '0x42a5ed456650a09dc10ebc6361a7480fdd61f27b', 'Router V1'],
    [1, '0x00dc6100103bc402d490aee3f9a5560cbd91f1d4', 'Router V6.1'],
    [8453, '0x00dc6100103bc402d490aee3f9a5560cbd91f1d4', 'Router V6.1'],
    [56, '0x00dc6100103bc402d490aee3f9a5560cbd91f1d4', 'Router V6.1'],
    [56, '0xb30ec53f98ff5947ede720d32ac2da7e52a5f56b', 'Router V4.1'],
    [43114, '0x00dc6100103bc402d490aee3f9a5560cbd91f1d4', 'Router V6.1'],
    [43114, '0x8f66c4ae756bebc49ec8b81966dd8bba9f127549', 'Router V4'],
  ],
  Chainflip: [
    [1, '0xf5e10380213880111522dd0efd3dbb45b9f62bcc', 'Vault'],
    [42161, '0x79001a5e762f3befc8e5871b42f6734e00498920', 'Vault'],
    [56, '0x79001a5e762f3befc8e5871b42f6734e00498920', 'Vault'],
  ],
  Across: [
    [1, '0x5c7bcd6e7de5423a257d81b442095a1a6ced35c5', 'Spoke Pool'],
    [42161, '0xe35e9842fceaca96570b734083f4a58e8f7c5f2a', 'Spoke Pool'],
    [8453, '0x09aea4b2242abc8bb4bb78d537a67a245a7bec64', 'Spoke Pool'],
    [10, '0x6f26bf09b1c792e3228e5467807a900a503c0281', 'Spoke Pool'],
    [56, '0x4e8e101924ede233c13e2d8622dc8aed2872d505', 'Spoke Pool'],
    [137, '0x9295ee1d8c5b022be115a2ad3c30c72e34e7f096', 'Spoke Pool'],
    [43114, '0xe0db08b3f72931dca2ed7323a1053eac42715bee', 'Spoke Pool'],
  ],
  CCTP: [
    [1, '0xbd3fa81b58ba92a82136038b25adec7066af3155', 'Token Messenger'],
    [1, '0x0a992d191deec32afe36203ad87d7d289a738f81', 'Message Transmitter'],
    [43114, '0x6b25532e1060ce10cc3b0a99e5683b91bfde6982', 'Token Messenger'],
    [43114, '0x8186359af5f57fbb40c6b14a588d2a59c0c29880', 'Message Transmitter'],
    [10, '0x2b4069517957735be00cee0fadae88a26365528f', 'Token Messenger'],
    [10, '0x4d41f22c5a0e5c74090899e5a8fb597a8842b3e8', 'Message Transmitter'],
    [42161, '0x19330d10d9cc8751218eaf51e8885d058642e08a', 'Token Messenger'],
    [42161, '0xc30362313fbba5cf9163f0bb16a0e01f01a896ca', 'Message Transmitter'],
    [8453, '0x1682ae6375c4e4a97e4b583bc394c861a46d8962', 'Token Messenger'],
    [8453, '0xad09780d193884d503182ad4588450c416d6f9d4', 'Message Transmitter'],
    [137, '0x9daf8c91aefae50b9c0e69629d3f6ca40ca3b3fe', 'Token Messenger'],
    [137, '0xf3be9355363857f3e001be68856a2f96b4c39ba9', 'Message Transmitter'],
    [1, '0x28b5a0e9c621a5badaa536219b3a228c8168cf5d', 'Token Messenger V2'],
    [1, '0x81d40f21f12a8f0e3252bccb954d722d4c464b64', 'Message Transmitter V2'],
    [42161, '0x28b5a0e9c621a5badaa536219b3a228c8168cf5d', 'Token Messenger V2'],
    [42161, '0x81d40f21f12a8f0e3252bccb954d722d4c464b64', 'Message Transmitter V2'],
    [8453, '0x28b5a0e9c621a5badaa536219b3a228c8168cf5d', 'Token Messenger V2'],
    [8453, '0x81d40f21f12a8f0e3252bccb954d722d4c464b64', 'Message Transmitter V2'],
    [10, '0x28b5a0e9c621a5badaa536219b3a228c8168cf5d', 'Token Messenger V2'],
    [10, '0x81d40f21f12a8f0e3252bccb954d722d4c464b64', 'Message Transmitter V2'],
    [137, '0x28b5a0e9c621a5badaa536219b3a228c8168cf5d', 'Token Messenger V2'],
    [137, '0x81d40f21f12a8f0e3252bccb954d722d4c464b64', 'Message Transmitter V2'],
    [43114, '0x28b5a0e9c621a5badaa536219b3a228c8168cf5d', 'Token Messenger V2'],
    [43114, '0x81d40f21f12a8f0e3252bccb954d722d4c464b64', 'Message Transmitter V2'],
  ],
  LayerZero: [
    [1, '0x1a44076050125825900e736c501f859c50fe728c', 'Endpoint V2'],
    [42161, '0x1a44076050125825900e736c501f859c50fe728c', 'Endpoint V2'],
    [8453, '0x1a44076050125825900e736c501f859c50fe728c', 'Endpoint V2'],
    [10, '0x1a44076050125825900e736c501f859c50fe728c', 'Endpoint V2'],
    [56, '0x1a44076050125825900e736c501f859c50fe728c', 'Endpoint V2'],
    [137, '0x1a44076050125825900e736c501f859c50fe728c', 'Endpoint V2'],
    [43114, '0x1a44076050125825900e736c501f859c50fe728c', 'Endpoint V2'],
    [5000, '0x1a44076050125825900e736c501f859c50fe728c', 'Endpoint V2'],
    [1, '0x6c96de32cea08842dcc4058c14d3aaad7fa41dee', 'USDT0'],
    [10, '0xf03b4d9ac1d5d1e7c4cef54c2a313b9fe051a0ad', 'USDT0'],
    [137, '0x6ba10300f0dc58b7a1e4c0e41f5dabb7d7829e13', 'USDT0'],
    [42161, '0x14e4a1b13bf7f943c8ff7c51fb60fa964a298d92', 'USDT0'],
  ],
  Stargate: [
    [1, '0x783129e4d7ba0af0c896c239e57c06df379aae8c', 'Pool of EURC'],
    [1, '0xcdafb1b2db43f366e48e6f614b8dccbfeefeecd3', 'Pool of METIS'],
    [1, '0x77b2043768d28e9c9ab44e1abfc95944bce57931', 'Pool of Native'],
    [1, '0xc026395860db2d07ee33e05fe50ed7bd583189c7', 'Pool of USDC'],
    [1, '0x933597a323eb81cae705c5bc29985172fd5a3973', 'Pool of USDT'],
    [1, '0x268ca24daeff1fac2ed883c598200ccbb79e931d', 'Pool of mETH'],
    [1, '0x6d6620efa72948c5f68a3c8646d58c00d3f4a980', 'Token Messaging'],
    [42161, '0xa45b5130f36cdca45667738e2a258ab09f4a5f7f', 'Pool of Native'],
    [42161, '0xe8cdf27acd73a434d661c84887215f7598e7d0d3', 'Pool of USDC'],
    [42161, '0xce8cca271ebc0533920c83d39f417ed6a0abb7d0', 'Pool of USDT'],
    [42161, '0x19cfce47ed54a88614648dc3f19a5980097007dd', 'Token Messaging'],
    [8453, '0x87dd5a7481726a53c5ac6b0d296f5846f95a72f2', 'Pool of EURC'],
    [8453, '0xdc181bd607330aeebef6ea62e03e5e1fb4b6f7c7', 'Pool of Native'],
    [8453, '0x27a16dc786820b16e5c9028b75b99f6f604b5d26', 'Pool of USDC'],
    [8453, '0x5634c4a5fed09819e3c46d86a965dd9447d86e47', 'Token Messaging'],
    [10, '0xe8cdf27acd73a434d661c84887215f7598e7d0d3', 'Pool of Native'],
    [10, '0xce8cca271ebc0533920c83d39f417ed6a0abb7d0', 'Pool of USDC'],
    [10, '0x19cfce47ed54a88614648dc3f19a5980097007dd', 'Pool of USDT'],
    [10, '0xf1fcb4cbd57b67d683972a59b6a7b1e2e8bf27e6', 'Token Messaging'],
    [56, '0x962bd449e630b0d928f308ce63f1a21f02576057', 'Pool of USDC'],
    [56, '0x138eb30f73bc423c6455c53df6d89cb01d9ebc63', 'Pool of USDT'],
    [56, '0x6e3d884c96d640526f273c61dfcf08915ebd7e2b', 'Token Messaging'],
    [137, '0x9aa02d4fae7f58b8e8f34c66e756cc734dac7fe4', 'Pool of USDC'],
    [137, '0xd47b03ee6d86cf251ee7860fb2acf9f91b9fd4d7', 'Pool of USDT'],
    [137, '0x6ce9bf8cdab780416ad1fd87b318a077d2f50eac', 'Token Messaging'],
    [43114, '0x0ceb237e109ee22374a567c6b09f373c73fa4cbb', 'Pool of EURC'],
    [43114, '0x5634c4a5fed09819e3c46d86a965dd9447d86e47', 'Pool of USDC'],
    [43114, '0x12dc9256acc9895b076f6638d628382881e62cee', 'Pool of USDT'],
    [43114, '0x17e450be3ba9557f2378e20d64ad417e59ef9a34', 'Token Messaging'],
    [5000, '0x4c1d3fc3fc3c177c3b633427c2f769276c547463', 'Pool of ETH'],
    [5000, '0xac290ad4e0c891fdc295ca4f0a6214cf6dc6acdc', 'Pool of USDC'],
    [5000, '0xb715b85682b731db9d5063187c450095c91c57fc', 'Pool of USDT'],
    [5000, '0xf7628d84a2bbd9bb9c8e686ac95bb5d55169f3f1', 'Pool of mETH'],
    [5000, '0x41b491285a4f888f9f636cec8a363ab9770a0aef', 'Token Messaging'],
  ],
  deBridge: [
    [1, '0xef4fb24ad0916217251f553c0596f8edc630eb66', 'DLN Source'],
    [1, '0xe7351fd770a37282b91d153ee690b63579d6dd7f', 'DLN Destination'],
    [42161, '0xef4fb24ad0916217251f553c0596f8edc630eb66', 'DLN Source'],
    [42161, '0xe7351fd770a37282b91d153ee690b63579d6dd7f', 'DLN Destination'],
    [8453, '0xef4fb24ad0916217251f553c0596f8edc630eb66', 'DLN Source'],
    [8453, '0xe7351fd770a37282b91d153ee690b63579d6dd7f', 'DLN Destination'],
    [10, '0xef4fb24ad0916217251f553c0596f8edc630eb66', 'DLN Source'],
    [10, '0xe7351fd770a37282b91d153ee690b63579d6dd7f', 'DLN Destination'],
    [56, '0xef4fb24ad0916217251f553c0596f8edc630eb66', 'DLN Source'],
    [56, '0xe7351fd770a37282b91d153ee690b63579d6dd7f', 'DLN Destination'],
    [137, '0xef4fb24ad0916217251f553c0596f8edc630eb66', 'DLN Source'],
    [137, '0xe7351fd770a37282b91d153ee690b63579d6dd7f', 'DLN Destination'],
    [43114, '0xef4fb24ad0916217251f553c0596f8edc630eb66', 'DLN Source'],
    [43114, '0xe7351fd770a37282b91d153ee690b63579d6dd7f', 'DLN Destination'],
  ],
  Wormhole: [
    [1, '0x98f3c9e6e3face36baad05fe09d375ef1464288b', 'Core'],
    [1, '0x3ee18b2214aff97000d974cf647e7c347e8fa585', 'Token Bridge'],
    [42161, '0xa5f208e072434bc67592e4c49c1b991ba79bca46', 'Core'],
    [42161, '0x0b2402144bb366a632d14b83f244d2e0e21bd39c', 'Token Bridge'],
    [8453, '0xbebdb6c8ddc678ffa9f8748f85c815c556dd8ac6', 'Core'],
    [8453, '0x8d2de8d2f73f1f4cab472ac9a881c9b123c79627', 'Token Bridge'],
    [10, '0xee91c335eab126df5fdb3797ea9d6ad93aec9722', 'Core'],
    [10, '0x1d68124e65fafc907325e3edbf8c4d84499daa8b', 'Token Bridge'],
    [56, '0x98f3c9e6e3face36baad05fe09d375ef1464288b', 'Core'],
    [56, '0xb6f6d86a8f9879a9c87f643768d9efc38c1da6e7', 'Token Bridge'],
    [137, '0x7a4b5a56256163f07b2c80a7ca55abe66c4ec4d7', 'Core'],
    [137, '0x5a58505a96d1dbf8df91cb21b54419fc36e93fde', 'Token Bridge'],
    [43114, '0x54a8e5f9c4cba08f9943965859f6c34eaf03e26c', 'Core'],
    [43114, '0x0e082f06ff657d94310cb8ce8b0d9a04541d8052', 'Token Bridge'],
  ],
  Lido: [[1, '0x889edc2edab5f40e902b864ad4d7ade8e412f9b1', 'Withdrawal Queue']],
  mETH: [[1, '0x38fdf7b489316e03ed8754ad339cb5c4483fdcf9', 'Unstake Requests Manager']],
}

export const bridgeContracts: readonly BridgeContract[] = protocols.flatMap((protocol) =>
  rows[protocol].map(([number, contract, name = 'contract']) => {
    const chain = `eip155:${number}` as const
    return { chain, contract, protocol, name }
  }),
)

/** The day on which they were looked up. */
const date = '2026-12-01'

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
export const bridgeLabels: Label[] = [
  ...new Map(
    bridgeContracts.map((each) => [`${each.contract} ${each.name}`, labelBridge(each)]),
  ).values(),
]
