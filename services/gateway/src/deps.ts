import type { AddressInfo } from "node:net";
import type { Surroundings } from "@matrix-os/runtime/service";
import { toAllowedSites } from "./auth/allowed-sites.ts";
import { toCookieName } from "./auth/credentials.ts";
import { createFailedLogins } from "./auth/failed-logins.ts";
import { limits } from "./auth/limits.ts";
import { createRateLimit } from "./auth/rate-limit.ts";
import type { GatewayConfig } from "./config.ts";
import { openApiTokens } from "./disk/api-tokens.ts";
import { openDevices } from "./disk/devices.ts";
import { openLoginLinks } from "./disk/login-links.ts";
import { openOwnerToken } from "./disk/owner-token.ts";
import { openShellFiles } from "./disk/shell-files.ts";
import { type Broadcast, createBroadcast } from "./hub/broadcast.ts";
import { type OpenTurns, createOpenTurns } from "./hub/open-turns.ts";
import { type SessionHub, createSessionHub } from "./hub/session-hub.ts";
import { isStillIn } from "./http/find-caller.ts";
import type {
  ApprovalChange,
  HttpDeps,
  ModelChange,
  Rates,
  ServerAddress,
  SessionStateChange,
  UndeliveredReply,
} from "./http/http-deps.ts";
import { listenAsLocalhost } from "./http/listen-as-localhost.ts";
import { createRevocations } from "./http/revocations.ts";
import { createServer } from "./http/server.ts";
import { createActivityTeller } from "./nats/activity-teller.ts";
import type { HomeSignal } from "./nats/file-tail.ts";
import { createReadiness } from "./nats/readiness.ts";

const VERSION = "0.1.0";

/** What the gateway's handlers need: where to tell what they heard. */
export interface GatewayDeps extends AsyncDisposable {
  readonly sessions: SessionHub;
  readonly home: Broadcast<HomeSignal>;
  readonly sessionStates: Broadcast<SessionStateChange>;
  readonly models: Broadcast<ModelChange>;
  readonly undelivered: Broadcast<UndeliveredReply>;
  readonly openTurns: OpenTurns;
  readonly approvalChanges: Broadcast<ApprovalChange>;
}

/** Builds the gateway and listens. Disposing ends every open stream and socket. */
export async function createGatewayDeps(config: GatewayConfig, around: Surroundings): Promise<GatewayDeps> {
  const hubs = {
    sessions: createSessionHub(),
    home: createBroadcast<HomeSignal>(),
    sessionStates: createBroadcast<SessionStateChange>(),
    models: createBroadcast<ModelChange>(),
    undelivered: createBroadcast<UndeliveredReply>(),
    openTurns: createOpenTurns(),
    approvalChanges: createBroadcast<ApprovalChange>(),
  };
  const forget = around.bus.connection.onReconnect(() => {
    hubs.openTurns.clear();
    hubs.sessions.interrupt();
    hubs.home.tell("interrupted");
  });
  const deps = await createHttpDeps(config, around, hubs);
  const server = await createServer(deps);
  await server.listen({ host: config.host, port: config.port });
  nameAddress(deps.address, config, (server.server.address() as AddressInfo).port);
  const twin = isIPv4Loopback(config)
    ? await listenAsLocalhost(server.server, deps.address.port, around.log)
    : undefined;
  around.log.info({ url: deps.address.url }, "listening");
  return {
    ...hubs,
    [Symbol.asyncDispose]: async () => {
      forget();
      // Both at once: the twin waits for connections that the server ends.
      await Promise.all([twin?.[Symbol.asyncDispose](), server.close()]);
      deps.devices[Symbol.dispose]();
      deps.revocations[Symbol.dispose]();
    },
  };
}

function isIPv4Loopback({ host, appsHost }: GatewayConfig): boolean {
  return host === "127.0.0.1" && appsHost === "localhost";
}

type Hubs = Pick<HttpDeps, "sessions" | "home" | "sessionStates" | "models" | "approvalChanges" | "undelivered">;

async function createHttpDeps(config: GatewayConfig, around: Surroundings, hubs: Hubs): Promise<HttpDeps> {
  const ownerToken = await openOwnerToken(config.state, (token) => around.redactor.learn("owner.token", token));
  const apiTokens = await openApiTokens(config.state);
  const [devices, links] = await Promise.all([openDevices(config.state), openLoginLinks(config.state)]);
  return {
    ...hubs,
    bus: around.bus,
    log: around.log,
    redact: around.redactor.text,
    config,
    version: VERSION,
    startedAtMs: Date.now(),
    ownerToken,
    apiTokens,
    revocations: createRevocations((caller) => isStillIn(caller, { ownerToken, apiTokens, devices })),
    activity: createActivityTeller(around.bus, around.log),
    rates: createRates(config),
    shell: openShellFiles(config.shell),
    devices,
    links,
    failedLogins: createFailedLogins(config.failedLoginsPerMinute),
    readiness: createReadiness(around.bus),
    readMetrics: () => around.metrics.registry.metrics(),
    closing: around.signal,
    address: {
      scheme: config.tls === undefined ? "http" : "https",
      url: "",
      appsUrl: "",
      port: 0,
      sites: { hosts: new Set(), origins: new Set(), appHosts: new Set() },
      cookieName: "",
    },
  };
}

function createRates({ strangerRequestsPerMinute }: GatewayConfig): Rates {
  return {
    stranger: createRateLimit({ ...limits.strangerRequests, perMinute: strangerRequestsPerMinute }),
    app: createRateLimit(limits.appRequests),
    owner: createRateLimit(limits.ownerRequests),
    token: createRateLimit(limits.tokenRequests),
    ownerMessages: createRateLimit(limits.ownerMessages),
    tokenMessages: createRateLimit(limits.tokenMessages),
  };
}

function nameAddress(address: ServerAddress, config: GatewayConfig, port: number): void {
  const { scheme } = address;
  const toUrl = (name: string) => (/:\d+$/.test(name) ? `${scheme}://${name}` : `${scheme}://${name}:${port}`);
  address.port = port;
  address.url = toUrl(toShellName(config));
  address.appsUrl = toUrl(config.appsHost);
  address.sites = toAllowedSites({
    scheme,
    host: config.host,
    port,
    more: config.allowedHosts,
    appsHost: config.appsHost,
  });
  address.cookieName = toCookieName(scheme, port);
}

/** The name in login links; never the apps' own. */
function toShellName({ host, allowedHosts, appsHost }: GatewayConfig): string {
  const named = ["0.0.0.0", "::"].includes(host) ? (allowedHosts[0] ?? "127.0.0.1") : host;
  if (named === appsHost) return "127.0.0.1";
  return named.includes(":") && !named.startsWith("[") && !/^[^:]+:\d+$/.test(named) ? `[${named}]` : named;
}
