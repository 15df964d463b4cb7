// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;
/// Takes deposits for vaults and says so as THORChain's routers do.
contract TestRouter {
  event Deposit(address indexed to, address indexed asset, uint256 amount, string memo);
  function depositWithExpiry(address payable vault, address asset, uint256 amount, string memory memo, uint256 expiration) external payable {
    require(block.timestamp < expiration); amount = msg.value; vault.transfer(msg.value); emit Deposit(vault, asset, amount, memo);
  }
  event TransferOut(address indexed vault, address indexed to, address asset, uint256 amount, string memo);
  function transferOut(address payable to, address asset, uint256 amount, string memory memo) external payable {
    amount = msg.value; to.transfer(msg.value); emit TransferOut(msg.sender, to, asset, amount, memo);
  }
}
