import { runServices } from "@matrix-os/runtime/run-services";
import { gatewayService } from "./service.ts";

await runServices("gateway", [gatewayService]);
