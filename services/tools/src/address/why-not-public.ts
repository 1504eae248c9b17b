import { BlockList, isIP } from "node:net";

/** IPv4 that is not the public internet (IANA special-purpose registry), and one metadata service that hides in public space. */
const refusedV4: readonly (readonly [network: string, prefix: number, what: string])[] = [
  ["0.0.0.0", 8, "this network"],
  ["10.0.0.0", 8, "private"],
  ["100.64.0.0", 10, "shared (carrier)"],
  ["127.0.0.0", 8, "loopback"],
  ["169.254.0.0", 16, "link-local (metadata)"],
  ["172.16.0.0", 12, "private"],
  ["192.0.0.0", 24, "protocol assignments"],
  ["192.0.2.0", 24, "documentation"],
  ["192.88.99.0", 24, "6to4 relay"],
  ["192.168.0.0", 16, "private"],
  ["198.18.0.0", 15, "benchmarking"],
  ["198.51.100.0", 24, "documentation"],
  ["203.0.113.0", 24, "documentation"],
  ["224.0.0.0", 4, "multicast"],
  ["240.0.0.0", 4, "reserved"],
  ["168.63.129.16", 32, "metadata"],
];

/** Within the one public block of IPv6, what leads elsewhere: tunnels to IPv4, and addresses that are nobody's. */
const refusedV6: readonly (readonly [network: string, prefix: number, what: string])[] = [
  ["2001::", 23, "protocol assignments (Teredo)"],
  ["2001:db8::", 32, "documentation"],
  ["2002::", 16, "6to4"],
  ["3fff::", 20, "documentation"],
];

const listsV4 = refusedV4.map(([network, prefix, what]) => ({ list: toList(network, prefix, "ipv4"), what }));
const listsV6 = refusedV6.map(([network, prefix, what]) => ({ list: toList(network, prefix, "ipv6"), what }));
const publicV6 = toList("2000::", 3, "ipv6");

/**
 * Why a connection to this address is refused; undefined when it is on the public internet. Takes addresses only, as a
 * resolver gives them: names and odd spellings are refused. IPv4 inside IPv6 (mapped, 6to4, NAT64, Teredo) is refused.
 */
export function whyNotPublic(address: string): string | undefined {
  const version = isIP(address);
  if (version === 0 || address.includes("%")) return "not a plain address";
  if (version === 4) return listsV4.find(({ list }) => list.check(address, "ipv4"))?.what;
  if (!publicV6.check(address, "ipv6")) return "not in public IPv6";
  return listsV6.find(({ list }) => list.check(address, "ipv6"))?.what;
}

function toList(network: string, prefix: number, family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  list.addSubnet(network, prefix, family);
  return list;
}
