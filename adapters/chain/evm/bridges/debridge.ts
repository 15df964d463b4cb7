import { type Hex, parseAbi } from 'viem'
import { type Protocol, readAddress, readToken } from './protocol.ts'

const order =
  'struct Order { uint64 makerOrderNonce; bytes makerSrc; uint256 giveChainId; bytes giveTokenAddress; uint256 giveAmount; uint256 takeChainId; bytes takeTokenAddress; uint256 takeAmount; bytes receiverDst; bytes givePatchAuthoritySrc; bytes orderAuthorityAddressDst; bytes allowedTakerDst; bytes allowedCancelBeneficiarySrc; bytes externalCall; }'

type Order = {
  giveTokenAddress: Hex
  takeChainId: bigint
  takeTokenAddress: Hex
  takeAmount: bigint
  receiverDst: Hex
}

/** Chains that it numbers in its own way. @see https://docs.debridge.com/home/architecture/supported-chains */
const others = new Map([
  [7565164n, 'Solana'],
  [100000002n, 'Gnosis'],
  [100000009n, 'Flow'],
  [100000013n, 'Story'],
  [100000021n, 'BOB'],
  [100000022n, 'HyperEVM'],
  [100000023n, 'Mantle'],
  [100000026n, 'Tron'],
  [100000027n, 'Sei'],
  [100000029n, 'Injective'],
  [100000030n, 'Monad'],
])

/** Orders that somebody else fills on the far side. */
export const debridge: Protocol = {
  deposits: parseAbi([
    order,
    'event CreatedOrder(Order order, bytes32 orderId, bytes affiliateFee, uint256 nativeFixFee, uint256 percentFee, uint32 referralCode, bytes metadata)',
    'event CreatedOrder(Order order, bytes32 orderId, bytes affiliateFee, uint256 nativeFixFee, uint256 percentFee, uint32 referralCode)',
  ]),
  goalOf: ({ order, orderId }) => {
    const { giveTokenAddress, takeChainId, receiverDst } = order as Order
    return {
      chain: others.get(takeChainId) ?? `eip155:${takeChainId}`,
      address: readAddress(receiverDst),
      token: readToken(giveTokenAddress),
      key: `debridge:${orderId}`,
    }
  },
  payouts: parseAbi([
    order,
    'event FulfilledOrder(Order order, bytes32 orderId, address sender, address unlockAuthority)',
    'event FulfilledOrder(Order order, bytes32 orderId, uint256 actualFulfillAmount, address sender, address unlockAuthority)',
    'event ClaimedOrderCancel(bytes32 orderId, address beneficiary, uint256 paidAmount, address giveTokenAddress)',
  ]),
  payoutOf: ({
    order,
    orderId,
    actualFulfillAmount,
    beneficiary,
    paidAmount,
    giveTokenAddress,
  }) => {
    const key = `debridge:${orderId}`
    if (beneficiary !== undefined) {
      return {
        ...{ key, isRefund: true, named: null, payee: readAddress(beneficiary as Hex) },
        ...{ token: readToken(giveTokenAddress as string), amount: paidAmount as bigint },
      }
    }
    const { receiverDst, takeTokenAddress, takeAmount } = order as Order
    const amount = (actualFulfillAmount as bigint | undefined) ?? takeAmount
    return { key, payee: readAddress(receiverDst), token: readToken(takeTokenAddress), amount }
  },
}
