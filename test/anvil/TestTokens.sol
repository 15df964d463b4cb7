// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;
import "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import "@openzeppelin/contracts/access/Ownable.sol";
/// A stablecoin whose issuer can freeze addresses, as USDT and USDC can.
contract TestStablecoin is ERC20("Stable", "STB"), Ownable {
  mapping(address => bool) public isBlackListed;
  event AddedBlackList(address _user);
  event RemovedBlackList(address _user);
  event DestroyedBlackFunds(address _blackListedUser, uint256 _balance);
  function decimals() public pure override returns (uint8) { return 6; }
  function mint(address to, uint256 value) external onlyOwner { _mint(to, value); }
  function addBlackList(address user) external onlyOwner { isBlackListed[user] = true; emit AddedBlackList(user); }
  function removeBlackList(address user) external onlyOwner { isBlackListed[user] = false; emit RemovedBlackList(user); }
  function destroyBlackFunds(address user) external onlyOwner { require(isBlackListed[user]); uint256 b = balanceOf(user); _burn(user, b); emit DestroyedBlackFunds(user, b); }
  function _beforeTokenTransfer(address from, address to, uint256) internal view override { require(!isBlackListed[from] || to == address(0), "blacklisted"); }
}
/// A rebasing token that counts in shares, as stETH does: paid for with the native asset.
contract TestStaked {
  mapping(address => uint256) public sharesOf;
  uint256 public totalShares;
  uint256 public pooled;
  event Transfer(address indexed from, address indexed to, uint256 value);
  event TransferShares(address indexed from, address indexed to, uint256 sharesValue);
  function byShares(uint256 s) public view returns (uint256) { return totalShares == 0 ? s : s * pooled / totalShares; }
  function balanceOf(address a) external view returns (uint256) { return byShares(sharesOf[a]); }
  function submit() external payable { uint256 s = totalShares == 0 ? msg.value : msg.value * totalShares / pooled;
    totalShares += s; pooled += msg.value; sharesOf[msg.sender] += s;
    emit Transfer(address(0), msg.sender, byShares(s)); emit TransferShares(address(0), msg.sender, s); }
  function rebase() external payable { pooled += msg.value; }
  function transferShares(address to, uint256 s) external { sharesOf[msg.sender] -= s; sharesOf[to] += s;
    emit Transfer(msg.sender, to, byShares(s)); emit TransferShares(msg.sender, to, s); }
  function redeem(uint256 s) external { uint256 v = byShares(s); sharesOf[msg.sender] -= s; totalShares -= s; pooled -= v;
    emit Transfer(msg.sender, address(0), v); emit TransferShares(msg.sender, address(0), s); payable(msg.sender).transfer(v); }
}
