import { type Hex, parseAbi } from 'viem'
import { numberOf, type Protocol, readAddress, readToken } from './protocol.ts'

/** Relayers pay out first: a fill names the chain and the number of its deposit. */
export const across: Protocol = {
  deposits: parseAbi([
    'event FundsDeposited(bytes32 inputToken, bytes32 outputToken, uint256 inputAmount, uint256 outputAmount, uint256 indexed destinationChainId, uint256 indexed depositId, uint32 quoteTimestamp, uint32 fillDeadline, uint32 exclusivityDeadline, bytes32 indexed depositor, bytes32 recipient, bytes32 exclusiveRelayer, bytes message)',
    'event V3FundsDeposited(address inputToken, address outputToken, uint256 inputAmount, uint256 outputAmount, uint256 indexed destinationChainId, uint32 indexed depositId, uint32 quoteTimestamp, uint32 fillDeadline, uint32 exclusivityDeadline, address indexed depositor, address recipient, address exclusiveRelayer, bytes message)',
  ]),
  goalOf: ({ destinationChainId, recipient, inputToken, inputAmount, depositId }, { chain }) => ({
    chain: `eip155:${destinationChainId}`,
    address: readAddress(recipient as Hex),
    token: readToken(inputToken as string),
    amount: inputAmount as bigint,
    key: `across:${numberOf(chain)}:${depositId}`,
  }),
  payouts: parseAbi([
    'struct RelayInfo { bytes32 updatedRecipient; bytes32 updatedMessageHash; uint256 updatedOutputAmount; uint8 fillType; }',
    'struct V3RelayInfo { address updatedRecipient; bytes updatedMessage; uint256 updatedOutputAmount; uint8 fillType; }',
    'event FilledRelay(bytes32 inputToken, bytes32 outputToken, uint256 inputAmount, uint256 outputAmount, uint256 repaymentChainId, uint256 indexed originChainId, uint256 indexed depositId, uint32 fillDeadline, uint32 exclusivityDeadline, bytes32 exclusiveRelayer, bytes32 indexed relayer, bytes32 depositor, bytes32 recipient, bytes32 messageHash, RelayInfo relayExecutionInfo)',
    'event FilledV3Relay(address inputToken, address outputToken, uint256 inputAmount, uint256 outputAmount, uint256 repaymentChainId, uint256 indexed originChainId, uint32 indexed depositId, uint32 fillDeadline, uint32 exclusivityDeadline, address exclusiveRelayer, address indexed relayer, address depositor, address recipient, bytes message, V3RelayInfo relayExecutionInfo)',
  ]),
  payoutOf: ({ originChainId, depositId, recipient, outputToken, relayExecutionInfo }) => {
    const { updatedRecipient, updatedOutputAmount } = relayExecutionInfo as Updated
    return {
      key: `across:${originChainId}:${depositId}`,
      named: readAddress(recipient as Hex),
      // Whoever paid may have signed for another one meanwhile.
      payee: readAddress(updatedRecipient),
      token: readToken(outputToken as string),
      amount: updatedOutputAmount,
    }
  },
}

type Updated = { updatedRecipient: Hex; updatedOutputAmount: bigint }
