import { createHash } from "node:crypto";
import type { FastifyReply } from "fastify";
import { pageStyle } from "./home-page.ts";

const styleHash = createHash("sha256").update(pageStyle).digest("base64");

/** Sends a page that may use its own style sheet and nothing else: no script, no frame, no other place. */
export function sendPage(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply
    .code(status)
    .header(
      "content-security-policy",
      `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
    )
    .type("text/html; charset=utf-8")
    .send(html);
}
