import { type Hex, parseAbi } from 'viem'
import { type Protocol, readAddress } from './protocol.ts'

/**
 * Queues in which staked tokens wait to be redeemed, days later: as over a bridge that ends on its own chain. The claim to a
 * request can be sold, so that only what its maker still claims is theirs, whoever it is paid to.
 */
export const lido: Protocol = {
  deposits: parseAbi([
    'event WithdrawalRequested(uint256 indexed requestId, address indexed requestor, address indexed owner, uint256 amountOfStETH, uint256 amountOfShares)',
  ]),
  goalOf: ({ requestId, owner, amountOfShares }, { chain }) => ({
    chain,
    address: readAddress(owner as Hex),
    amount: amountOfShares as bigint,
    key: `lido:${requestId}`,
  }),
  payouts: parseAbi([
    'event WithdrawalClaimed(uint256 indexed requestId, address indexed owner, address indexed receiver, uint256 amountOfETH)',
  ]),
  payoutOf: ({ requestId, owner, receiver, amountOfETH }) => ({
    key: `lido:${requestId}`,
    named: readAddress(owner as Hex),
    payee: readAddress(receiver as Hex),
    ...{ token: 'native', amount: amountOfETH as bigint },
  }),
}

/** Requests for mETH belong to whoever made them. */
export const meth: Protocol = {
  deposits: parseAbi([
    'event UnstakeRequestCreated(uint256 indexed id, address indexed requester, uint256 mETHLocked, uint256 ethRequested, uint256 cumulativeETHRequested, uint256 blockNumber)',
  ]),
  goalOf: ({ id, requester, mETHLocked }, { chain }) => ({
    chain,
    address: readAddress(requester as Hex),
    amount: mETHLocked as bigint,
    key: `meth:${id}`,
  }),
  payouts: parseAbi([
    'event UnstakeRequestClaimed(uint256 indexed id, address indexed requester, uint256 mETHLocked, uint256 ethRequested, uint256 cumulativeETHRequested, uint256 blockNumber)',
    'event UnstakeRequestCancelled(uint256 indexed id, address indexed requester, uint256 mETHLocked, uint256 ethRequested, uint256 cumulativeETHRequested, uint256 blockNumber)',
  ]),
  payoutOf: ({ id, requester }) => ({ key: `meth:${id}`, payee: readAddress(requester as Hex) }),
}
