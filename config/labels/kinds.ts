import type { ServiceKind } from '#types/label.ts'

/** Kinds that rows of name tags can have. */
export type Kind = ServiceKind | 'token' | 'sanctioned' | 'phish-hack' | 'other'

const words = (text: string) => text.trim().split(/\s+/)

/**
 * Categories that say what an address is. The rest of the 455 is `other`: they mix services with people (`blocked`,
 * `fund`, `mev-bot`, `donate`, `old-contract`), or name a project that keeps no money for strangers.
 */
const categories: [Kind, string[]][] = [
  ['mixer', words('tornado-cash typhoon-cash ethereum-mixer')],
  [
    'bridge',
    words(`bridge across-protocol axelar celer-network connext hop-protocol manta-network multichain
      optics ren synapse wormhole`),
  ],
  [
    'exchange',
    words(`exchange abcc allbit ascendex bgogo bitfinex bitget bithumb bitmart bitmex bitstamp
      bittrex changenow cobinhood coinbase coinbit coinhako coinlist coinmetro coinone coinsquare
      coss-io crex24 crypto-com deribit digifinex fiat-gateway ftx gate-io gbx gemini hitbtc hoo-com
      hotbit korbit kraken kryptono kucoin latoken lcx-ag liquid okx otc paribu poloniex quadrigacx
      remitano shapeshift tagz tidex topbtc trade-io upbit uphold yunbi zb-com`),
  ],
  [
    'dex',
    words(`dex 0x-protocol 0x-protocol-ecosystem 1inch airswap balancer bancor counter-market
      cow-protocol curve-fi dex-ag dinngo dutchx dxdao dydx hydro-protocol idex kyberswap loopring
      mcdex pancakeswap paraswap rhino-fi saddle-finance solidly sushiswap swipeswap switcheo
      tokenlon trader-joe`),
  ],
  ['sanctioned', words('ofac-sanctions-lists')],
  ['phish-hack', words('phish-hack')],
  // Lending, staking, gambling, market places, wallets, payments, naming, layer 2.
  [
    'service',
    words(`loans aave abracadabra-money alchemix-finance augmented-finance blockfi bzx
      celsius-network compound cream-finance fortube gearbox-protocol inverse-finance liquity maker
      nexo nuo-network rari-capital reflexer-finance reservelending unfederalreserve unit-protocol
      staking diva eigenlayer
      gambling etheroll fomo3d zethr
      marketplace blur-io gem looksrare nifty-gateway opensea rarible sudoswap superrare zora
      wallet-app bitpie metamask
      payments oobit
      ens decentraweb unstoppable-domains
      layer-2 arbitrum arbitrum-nova arbitrum-one base blast kroma mantle metis-andromeda mode nitro
      omg-network optimism polygon scroll starknet taiko zksync`),
  ],
]

const kindOfCategory = new Map(
  categories.flatMap(([kind, names]) => names.map((name) => [name, kind] as const)),
)

/** Their name, alone or with a number or a colon, is theirs in whatever category (`cold-wallet`, `derivatives`). */
const exchangeNames = new Set([
  ...words(`AscendEX Azbit Binance Bitbee Bitcoin.de Bitfinex Bitget Bithumb Bitkub BitMart BitMEX
    Bitstamp Bittrex Coinbase Coinbene Coinex CoinList Crypto.com Deribit FTX Gate.io Gemini Gopax
    HitBTC HTX Huobi Kraken KuCoin LCX MEXC OKEx OKX Poloniex Upbit xs2.exchange`),
  'Binance JEX',
  'Sparrow Exchange',
])

/** Name tags whose category misleads. */
const exceptions = new Map<string, Kind>([
  // These "bridges" lead from one contract on Ethereum to the next.
  ['0x: Erc20 Bridge Proxy', 'dex'],
  ['0x: Eth2Dai Bridge', 'dex'],
  ['0x: Uniswap Bridge', 'dex'],
  ['InstaDapp: Maker Compound Bridge', 'other'],
  ['OKX DEX: Aggregation Router', 'dex'],
  ['Null: 0x000...000', 'burn'],
  ['Null: 0x00...dEaD', 'burn'],
  ['EURT:undefined', 'token'],
  ['Multichain: anyETH', 'token'],
  ['Multichain: Wrapped Ether', 'token'],
  ['multiDAO', 'token'],
  ['Synapse: nUSD', 'token'],
  ['Wormhole: SRM', 'token'],
  // OFAC took Tornado Cash off its list on 2025-03-21.
  ['Gitcoin Grants: Tornado.cash', 'other'],
  ['Tornado.Cash: 50,000 cDAI 2', 'mixer'],
  ['Tornado.Cash: Donate', 'other'],
  ['Tornado.Cash: Relayer Registry', 'other'],
])

const oneOf = (...expressions: RegExp[]) =>
  new RegExp(expressions.map(({ source }) => source).join('|'))

/** The people behind a contract hold these: what is paid to them has not been handed to the service. */
const insider = oneOf(
  /\b(Deployer|Multi-?[Ss]ig|Relayer|Bonder|Treasury|Company|Vesting|Vester|Core Unit|Council)\b/,
  /\b(Team|Founders?|Founding|Foundation|Shareholder|Investors?|Partners|Partnership|Community)\b/,
  /\b(Committee|Governance|Governor|Timelock|Time Lock|Voting|Airdrop|Distribution|Distributor)\b/,
  /\b(Batcher|Batch (Submitter|Committer|Finalizer|Sequencer)|Proposer|Finalizer|Ecosystem)\b/,
  /\b(Donate|Donation|Gitcoin Grants|WBTC Merchant|Marketing|Bounties|Relay (Node|Executor))\b/,
  /\b(Owner|Admin|Operator( V\d)?|Sequencer|Validator|Liquidator|Keeper|Job|Guardian)( \d+)?$/,
  /\b(Dev|Fund|Fundraise|Fees?|Fee (Recipient|Setter|Manager)|Rewards?|Reserves)( \d+)?$/,
  /\b(Presale|Crowdsale|Token Sale|Safe)( \d+)?$/,
  /^(Router: 0x|Multichain: Executor|(Balancer|Kyber): DAO|KyberSwap: Operations)/,
  /^(Balancer: Maxi Payments|(ENS|OpenSea): (\w+ )?Wallet)/,
)

/** An exchange answers for all that its staff hold, but not for these: others run them, or they serve its own token. */
const besideExchange =
  /\b(Operator|Treasury|Council|Airdrop|Distributor|Rewards|Company Reserve|Token Sale)( \d+)?$/

const tokenName = /\b(Token|Stablecoin)( [Vv]?\d+(\.\d+)*)?$/

/** What a row of the lists says of its address: the first rule that fits, `other` where that is not clear. */
export function kindOf({ category, nameTag }: { category: string; nameTag: string }): Kind {
  if (tokenName.test(nameTag)) return 'token'
  const exception = exceptions.get(nameTag)
  if (exception) return exception
  const kind = kindOfCategory.get(category) ?? 'other'
  // Without a name tag nobody can tell a contract from the people behind it.
  const isContract = nameTag !== '' && !insider.test(nameTag)
  if (kind === 'mixer' || kind === 'bridge') return isContract ? kind : 'other'
  if (kind === 'exchange' || exchangeNames.has(nameTag.replace(/( \d+|:.*)$/, ''))) {
    return besideExchange.test(nameTag) ? 'other' : 'exchange'
  }
  if (kind === 'dex' || kind === 'service') return isContract ? kind : 'other'
  return kind
}
