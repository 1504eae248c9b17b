import { answerApprovalRoute, listApprovalsRoute } from "@matrix-os/contracts/api/approvals";
import { answerApprovalRequest } from "@matrix-os/contracts/dispatcher/answer-approval.request";
import { listAsksRequest } from "@matrix-os/contracts/file/list-asks.request";
import type { FastifyInstance } from "fastify";
import type { HttpDeps } from "./http-deps.ts";
import { serveRoute } from "./serve-route.ts";

/** Serves what waits for the owner's approval, and takes the answers. Behind the owner's guard like all of the API. */
export function addApprovalRoutes(app: FastifyInstance, deps: HttpDeps): void {
  serveRoute(app, listApprovalsRoute, async ({ query }) => {
    const { asks, more } = await deps.bus.request(listAsksRequest, query);
    return { approvals: asks, more };
  });
  serveRoute(app, answerApprovalRoute, async ({ params, body, request }) => {
    const by = request.headers.cookie === undefined ? "api" : "desktop";
    return await deps.bus.request(answerApprovalRequest, { ask: params["ask"] ?? "", verdict: body.verdict, by });
  });
}
