import { lookup } from "node:dns/promises";
import { type Socket, connect } from "node:net";

/** How the world is reached; replaced in tests. */
export interface Outside {
  readonly resolve: (host: string) => Promise<readonly string[]>;
  readonly dial: (address: string, port: number) => Socket;
}

/** The real world. */
export const outside: Outside = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  dial: (address, port) => connect({ host: address, port }),
};

/** An address that may be dialled, or why there is none. Every address of the name must pass `whyNot`. */
export async function findAddress(
  host: string,
  world: Outside,
  whyNot: (address: string) => string | undefined,
): Promise<{ readonly address: string } | { readonly refusal: string }> {
  const addresses = await world.resolve(host).catch(() => []);
  const [first] = addresses;
  if (first === undefined) return { refusal: `${host} has no address` };
  const faults = [...new Set(addresses.flatMap((address) => whyNot(address) ?? []))];
  return faults.length > 0
    ? { refusal: `${host} leads to an address that is ${faults.join(", ")}` }
    : { address: first };
}
