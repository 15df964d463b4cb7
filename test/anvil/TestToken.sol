// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;
contract TestToken {
  mapping(address => uint256) public balanceOf;
  event Transfer(address indexed from, address indexed to, uint256 value);
  event Deposit(address indexed dst, uint256 wad);
  event Withdrawal(address indexed src, uint256 wad);
  function mint(address to, uint256 value) external { balanceOf[to] += value; emit Transfer(address(0), to, value); }
  function transfer(address to, uint256 value) external returns (bool) {
    balanceOf[msg.sender] -= value; balanceOf[to] += value; emit Transfer(msg.sender, to, value); return true;
  }
  receive() external payable { deposit(); }
  function deposit() public payable { balanceOf[msg.sender] += msg.value; emit Deposit(msg.sender, msg.value); }
  function withdraw(uint256 wad) external {
    balanceOf[msg.sender] -= wad; emit Withdrawal(msg.sender, wad);
    (bool ok,) = msg.sender.call{value: wad}(""); require(ok);
  }
}
