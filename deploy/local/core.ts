import { dispatcherService } from "@matrix-os/dispatcher/service";
import { gatewayService } from "@matrix-os/gateway/service";
import { kernelService } from "@matrix-os/kernel/service";
import { rehearsalService } from "@matrix-os/rehearsal/service";
import { runServices } from "@matrix-os/runtime/run-services";
import { vaultService } from "@matrix-os/vault/service";

// The same services as with SPLIT=1, on the same bus; only the process is shared.
const isRehearsing = process.argv.includes("--rehearsal");
await runServices("core", [
  ...(isRehearsing ? [rehearsalService] : []),
  dispatcherService,
  vaultService,
  kernelService,
  gatewayService,
]);
