import { z } from 'zod'
import { bridgeApis, protocols } from '#config/chains/bridges.ts'
import { AddressChecksumError } from '#errors/input.ts'
import { UserError } from '#errors/userError.ts'
import { parseAddress } from '#utils/parseAddress.ts'
import { houseShape } from './houseSchema.ts'
import { list, name, section, text, url, whole } from './shapes.ts'

/** Shortest and longest wait between two questions for a new head, in milliseconds. */
const pollBounds = { min: 100, max: 60_000 }

/** Where a unit is worth less than the base unit of any real token, in decimals. */
const maxDecimals = 36

/** More blocks than any chain asks for. */
const maxConfirmations = 10_000

/** Far beyond the newest block of any chain. */
const maxBlock = 1_000_000_000_000

/** The first block of Bitcoin; no theft on a chain is older. Unix seconds. */
const firstTheft = 1_231_006_505

/** How far ahead of this machine's clock a theft may lie, in seconds: zones get mixed up, years do not. */
const maxAheadSeconds = 86_400

const address = z
  .string({ error: 'write an address: 0x and 40 hex digits' })
  .transform((given, { addIssue }) => {
    try {
      return parseAddress(given)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      const message =
        error instanceof AddressChecksumError
          ? 'it fails its checksum, copy it again from its source'
          : 'write an address: 0x and 40 hex digits'
      addIssue({ code: 'custom', message })
      return z.NEVER
    }
  })

const symbol = text(/^[^\s\p{C}]{1,20}$/u, 'write 1 to 20 characters without a space, such as ETH')
const decimals = whole(0, maxDecimals, 'a whole number')
const explorerUrl = url(['https:', 'http:'], 'https://etherscan.io/address/')

const chainAdvice =
  'write the id of an EVM chain such as eip155:1, or of Bitcoin, bip122:000000000019d6689c085ae165831e93'

const chainId = z
  .string({ error: chainAdvice })
  .regex(/^(?:eip155:[1-9]\d{0,14}|bip122:[0-9a-f]{32})$/, { error: chainAdvice })

const token = section({
  contract: address,
  symbol,
  decimals,
  wrapsNative: z.boolean({ error: 'write true or false, without quotes' }).optional(),
  countsShares: z.boolean({ error: 'write true or false, without quotes' }).optional(),
  issuers: z.array(address, { error: 'write a list of addresses' }).optional(),
  signers: z.array(address, { error: 'write a list of addresses' }).optional(),
})

const bridge = section({
  contract: address,
  protocol: z.enum(protocols, { error: `write one of ${protocols.join(', ')}` }),
})

const requestRate = 'write a number of requests from 0.1 to 10000, without quotes'
const requestsPerSecond = z
  .number({ error: requestRate })
  .min(0.1, { error: requestRate })
  .max(10_000, { error: requestRate })
  .optional()

const provider = section({
  url: url(['https:', 'http:'], 'https://node.example/key'),
  receipts: z
    .enum(['receipts', 'logs'], { error: 'write "receipts" or "logs", or leave it out' })
    .optional(),
  api: z
    .enum(['core', 'esplora'], { error: 'write "core" or "esplora", or leave it out' })
    .optional(),
  traces: z
    .enum(['auto', 'debug', 'parity', 'none'], {
      error: 'write "auto", "debug", "parity" or "none", or leave it out',
    })
    .optional(),
  requestsPerSecond,
})

const byte = whole(0, 255, 'a whole number')

/** A chain as the file has it; what describes the chain itself may be left out where the chain ships. */
export const chainSchema = section({
  id: chainId,
  rpc: list(provider, 'list at least one node, such as [{ "url": "https://node.example/key" }]'),
  websocket: url(['wss:', 'ws:'], 'wss://node.example/key').optional(),
  history: section({
    url: url(['https:', 'http:'], 'https://api.etherscan.io/v2/api?chainid=1'),
    key: z
      .string({ error: 'write the key in quotes, or the name of a variable that holds it' })
      .optional(),
    requestsPerSecond,
  }).optional(),
  pollMs: whole(pollBounds.min, pollBounds.max, 'a whole number of milliseconds').default(1_000),
  name: name('the chain').optional(),
  native: section({ symbol, decimals }).optional(),
  explorer: section({ address: explorerUrl, transaction: explorerUrl }).optional(),
  confirmations: whole(0, maxConfirmations, 'a whole number of blocks').optional(),
  tokens: z.array(token, { error: 'write a list of tokens' }).optional(),
  bridges: z.array(bridge, { error: 'write a list of contracts of bridges' }).optional(),
  addresses: section({
    bech32: text(/^[a-z]{1,10}$/, 'write the prefix of SegWit addresses, such as "tb"'),
    pubKeyHash: byte,
    scriptHash: byte,
  }).optional(),
})

const stolenAtAdvice =
  'write a time with its zone such as "2025-02-21T14:16:11Z", or Unix seconds, after 2008 and not to come'

/** Unix seconds. */
const stolenAt = z
  .union(
    [
      z.iso.datetime({ offset: true }).transform((given) => Math.floor(Date.parse(given) / 1000)),
      z
        .string()
        .regex(/^\d{1,12}$/)
        .transform(Number),
      z.int(),
    ],
    { error: stolenAtAdvice },
  )
  .refine((time) => time >= firstTheft && time <= Date.now() / 1000 + maxAheadSeconds, {
    error: stolenAtAdvice,
  })

const source = section({
  address,
  asset: z.string({ error: 'write "native", the contract of a token, or the id of an asset' }),
  // A number of JSON loses digits.
  amount: z.string({ error: 'write it in quotes, such as "401346.5 ETH"' }),
})

/** A case as the file has it; what its asset and amount mean depends on its chain. */
export const caseSchema = section({
  id: text(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    'write up to 40 lower-case letters, digits and hyphens, such as "acme-2026"',
  ),
  name: name('the case'),
  chain: chainId,
  stolenAt,
  followAfter: whole(
    0,
    maxBlock,
    'the number of the block after which the sources hold what was stolen,',
  ),
  sources: list(source, 'list at least one address that holds what was stolen'),
})

const database = 'name a file, such as "posse.sqlite"'

const keyFile = 'name the file that posse org keygen made, such as "house.key"'
const folder = 'name a folder, such as "evidence"'

export const fileSchema = section({
  database: z
    .string({ error: database })
    .min(1, { error: database })
    // What is followed live must survive a restart.
    .refine((file) => file !== ':memory:', { error: database }),
  chains: list(z.unknown(), 'list at least one chain'),
  // Cases can be opened by command too.
  cases: z.array(z.unknown(), { error: 'write a list of cases' }).optional(),
  evidence: section({
    keyFile: z.string({ error: keyFile }).min(1, { error: keyFile }),
    folder: z.string({ error: folder }).min(1, { error: folder }).default('evidence'),
  }).optional(),
  prices: section({ url: url(['https:', 'http:'], 'https://coins.llama.fi') }).optional(),
  bridgeApis: z
    .array(
      section({
        protocol: z.enum(bridgeApis, { error: `write one of ${bridgeApis.join(', ')}` }),
        url: url(['https:', 'http:'], 'https://midgard.ninerealms.com'),
      }),
      { error: 'write a list of APIs, such as [{ "protocol": "THORChain", "url": "…" }]' },
    )
    .optional(),
  slack: z.unknown().optional(),
  discord: z.unknown().optional(),
  ...houseShape,
})

export type ChainSettings = z.infer<typeof chainSchema>
export type CaseSettings = z.infer<typeof caseSchema>
