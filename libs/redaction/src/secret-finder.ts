import type { Fingerprint, FingerprintSet } from "@matrix-os/contracts/vault/secret";
import { WINDOW_BYTES, toDigest, toMultiplier } from "./fingerprints.ts";

/** Where a secret stands in some bytes. */
export interface Found {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

/** Finds secrets that it does not know, by their fingerprints, in one pass however many there are. */
export interface SecretFinder {
  readonly isEmpty: boolean;
  /** The longest form that it looks for, in bytes. */
  readonly longest: number;
  /** Every place, in order, without overlaps. */
  all(bytes: Uint8Array): Found[];
  /** The first place. */
  first(bytes: Uint8Array): Found | undefined;
}

/** Buckets of the quick first look; a hash falls into the one of its upper bits. */
const BUCKETS = 65_536;

/** A finder for these fingerprints. */
export function createSecretFinder(set: FingerprintSet): SecretFinder {
  const key = Buffer.from(set.key, "base64url");
  const multiplier = toMultiplier(key);
  const { marked, byStart } = toIndex(set.fingerprints);
  const leaving = toLeavingFactor(multiplier);
  const find = (bytes: Uint8Array, from: number): Found | undefined => {
    let hash = 0;
    for (let at = from; at < bytes.length; at += 1) {
      hash = (Math.imul(hash, multiplier) + (bytes[at] ?? 0)) | 0;
      const start = at - WINDOW_BYTES + 1;
      if (start > from) hash = (hash - Math.imul(bytes[start - 1] ?? 0, leaving)) | 0;
      if (start < from || marked[hash >>> 16] === 0) continue;
      const found = confirm(bytes, start, { key, candidates: byStart.get(hash >>> 0) ?? [] });
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return {
    isEmpty: set.fingerprints.length === 0,
    longest: set.fingerprints.reduce((most, { bytes }) => Math.max(most, bytes), 0),
    first: (bytes) => (byStart.size === 0 ? undefined : find(bytes, 0)),
    all: (bytes) => {
      const places: Found[] = [];
      for (let place = byStart.size === 0 ? undefined : find(bytes, 0); place !== undefined;) {
        places.push(place);
        place = find(bytes, place.to);
      }
      return places;
    },
  };
}

function toIndex(fingerprints: readonly Fingerprint[]) {
  const marked = new Uint8Array(BUCKETS);
  const byStart = new Map<number, Fingerprint[]>();
  for (const print of fingerprints.toSorted((a, b) => b.bytes - a.bytes)) {
    marked[print.start >>> 16] = 1;
    byStart.set(print.start, [...(byStart.get(print.start) ?? []), print]);
  }
  return { marked, byStart };
}

/** What a byte weighs when it leaves the window. */
function toLeavingFactor(multiplier: number): number {
  let factor = 1;
  for (let at = 0; at < WINDOW_BYTES; at += 1) factor = Math.imul(factor, multiplier);
  return factor;
}

/** The longest candidate whose digest fits at this place. */
function confirm(
  bytes: Uint8Array,
  from: number,
  { key, candidates }: { key: Buffer; candidates: readonly Fingerprint[] },
): Found | undefined {
  for (const { name, bytes: length, digest: print } of candidates) {
    const to = from + length;
    // No gate: who waits for this text knows it already, so the time tells nobody anything.
    if (to <= bytes.length && toDigest(bytes.subarray(from, to), key) === print) return { from, to, name };
  }
  return undefined;
}
