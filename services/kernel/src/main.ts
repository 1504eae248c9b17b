import { runServices } from "@matrix-os/runtime/run-services";
import { kernelService } from "./service.ts";

await runServices("kernel", [kernelService]);
