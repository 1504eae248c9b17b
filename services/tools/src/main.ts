import { runServices } from "@matrix-os/runtime/run-services";
import { toolsService } from "./service.ts";

await runServices("tools", [toolsService]);
