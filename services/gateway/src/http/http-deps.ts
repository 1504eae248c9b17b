import type { replyUndeliveredEvent } from "@matrix-os/contracts/dispatcher/reply-undelivered.event";
import type { Bus } from "@matrix-os/bus";
import type { Log } from "@matrix-os/runtime/log";
import type { AllowedSites } from "../auth/allowed-sites.ts";
import type { FailedLogins } from "../auth/failed-logins.ts";
import type { RateLimit } from "../auth/rate-limit.ts";
import type { GatewayConfig } from "../config.ts";
import type { ApiTokens } from "../disk/api-tokens.ts";
import type { Devices } from "../disk/devices.ts";
import type { LoginLinks } from "../disk/login-links.ts";
import type { OwnerToken } from "../disk/owner-token.ts";
import type { ShellFiles } from "../disk/shell-files.ts";
import type { Broadcast } from "../hub/broadcast.ts";
import type { SessionHub } from "../hub/session-hub.ts";
import type { ActivityTeller } from "../nats/activity-teller.ts";
import type { HomeSignal } from "../nats/file-tail.ts";
import type { Readiness } from "../nats/readiness.ts";
import type { Revocations } from "./revocations.ts";

/** An answer that did not reach its chat. */
export type UndeliveredReply = (typeof replyUndeliveredEvent)["example"];

/** A session got work or ran out of it. */
export interface SessionStateChange {
  readonly session: string;
  readonly state: "running" | "idle";
}

/** Another model answers from now on. */
export interface ModelChange {
  readonly model: string;
  readonly rehearsal: boolean;
}

/** How often whom may ask; see `auth/limits.ts`. */
export interface Rates {
  readonly stranger: RateLimit;
  readonly app: RateLimit;
  readonly owner: RateLimit;
  readonly token: RateLimit;
  readonly ownerMessages: RateLimit;
  readonly tokenMessages: RateLimit;
}

/** What waits for the owner's approval in a session changed. */
export interface ApprovalChange {
  readonly session: string;
}

/** What the routes need. */
export interface HttpDeps {
  readonly bus: Bus;
  readonly log: Log;
  /** Takes secrets out of what failures say. */
  readonly redact: (text: string) => string;
  readonly config: GatewayConfig;
  readonly version: string;
  readonly startedAtMs: number;
  readonly ownerToken: OwnerToken;
  readonly apiTokens: ApiTokens;
  readonly revocations: Revocations;
  readonly activity: ActivityTeller;
  readonly rates: Rates;
  readonly shell: ShellFiles;
  readonly devices: Devices;
  readonly links: LoginLinks;
  readonly failedLogins: FailedLogins;
  readonly sessions: SessionHub;
  readonly home: Broadcast<HomeSignal>;
  readonly sessionStates: Broadcast<SessionStateChange>;
  readonly models: Broadcast<ModelChange>;
  readonly undelivered: Broadcast<UndeliveredReply>;
  readonly approvalChanges: Broadcast<ApprovalChange>;
  readonly readiness: Readiness;
  /** The process's numbers in the Prometheus text format. */
  readonly readMetrics: () => Promise<string>;
  /** Aborted when the gateway drains: open streams end then. */
  readonly closing: AbortSignal;
  /** Known once the server listens. */
  readonly address: ServerAddress;
}

/** Where the server listens, and what it is called. */
export interface ServerAddress {
  readonly scheme: "http" | "https";
  url: string;
  /** Where apps' files are served; the same server under another name. */
  appsUrl: string;
  port: number;
  sites: AllowedSites;
  cookieName: string;
}
