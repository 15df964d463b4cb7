// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;
interface IToken { function transfer(address, uint256) external returns (bool); function deposit() external payable; function withdraw(uint256) external; }
contract Child { constructor() payable {} function end(address payable to) external { selfdestruct(to); } }
/// What thieves use between the simple payments: everything here pays the native asset without a log.
contract TestMover {
  event Note(uint256 place);
  receive() external payable {}
  function disperse(address payable[] calldata to, uint256[] calldata amounts) external payable {
    for (uint256 i = 0; i < to.length; i++) to[i].transfer(amounts[i]);
  }
  function pay(address payable to, uint256 amount) external { to.transfer(amount); }
  function tip() external payable { block.coinbase.transfer(msg.value); }
  /// Value moves between logs: in true order it is paid first, then the token, then paid again.
  function mix(IToken token, address to, uint256 tokens, address payable[] calldata paid) external payable {
    paid[0].transfer(msg.value / 2); token.transfer(to, tokens); paid[1].transfer(msg.value - msg.value / 2);
  }
  function wrapAndSend(IToken weth, address to) external payable { weth.deposit{value: msg.value}(); weth.transfer(to, msg.value); }
  function unwrapAndSend(IToken weth, address payable to, uint256 amount) external { weth.withdraw(amount); to.transfer(amount); }
  function create(address payable heir) external payable { Child child = new Child{value: msg.value}(); child.end(heir); }
  function tryPay(address payable to) external payable { try this.payAndFail{value: 0}(to, msg.value) {} catch {} emit Note(1); payable(msg.sender).transfer(msg.value); }
  function payAndFail(address payable to, uint256 amount) external payable { to.transfer(amount); revert(); }
}
