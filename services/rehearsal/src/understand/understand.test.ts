import { describe, expect, it } from "vitest";
import { heldOutRequests, secondRequests, thirdRequests } from "../../test/held-out-requests.ts";
import { sixtyRequests } from "../../test/sixty-requests.ts";
import type { ExpectedRequest } from "../../test/sixty-requests.ts";
import { understand } from "./understand.ts";

function isUnderstood({ says, means }: ExpectedRequest): boolean {
  try {
    expect(understand(says)).toMatchObject(means);
    return true;
  } catch {
    return false;
  }
}

function missed(requests: ExpectedRequest[]): string[] {
  return requests
    .filter((request) => !isUnderstood(request))
    .map(({ says }) => `${says} → ${JSON.stringify(understand(says))}`);
}

describe("understand", () => {
  it("understands at least 54 of sixty requests as people type them", () => {
    expect(sixtyRequests).toHaveLength(60);
    const misses = missed(sixtyRequests);
    expect(misses.length, misses.join("\n")).toBeLessThanOrEqual(6);
  });

  it("understands what it once did not", () => {
    const misses = missed([...secondRequests, ...thirdRequests]);
    expect(misses.length, misses.join("\n")).toBeLessThanOrEqual(1);
  });

  it("understands four fifths of the phrasings that it was never tuned for", () => {
    expect(heldOutRequests.length).toBeGreaterThanOrEqual(20);
    const misses = missed(heldOutRequests);
    expect(misses.length, misses.join("\n")).toBeLessThanOrEqual(heldOutRequests.length / 5);
  });
});
