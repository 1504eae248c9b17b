import { z } from "zod";
import { defineRequest } from "../define.ts";
import { sandboxReport } from "./sandbox-report.ts";

/** How commands are confined on this machine, as a probe at the start found it. */
export const describeToolsRequest = defineRequest({
  id: "tools.request.describe",
  summary: "Say how commands are confined",
  request: z.object({}),
  reply: z.object({ sandbox: sandboxReport, running: z.number().int().nonnegative() }),
  example: {
    request: {},
    reply: { sandbox: { level: "bubblewrap", why: ["namespaces, seccomp, no network"] }, running: 0 },
  },
});
