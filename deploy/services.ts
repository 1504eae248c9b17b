import { dispatcherService } from "@matrix-os/dispatcher/service";
import { fileService } from "@matrix-os/file/service";
import { gatewayService } from "@matrix-os/gateway/service";
import { kernelService } from "@matrix-os/kernel/service";
import { rehearsalService } from "@matrix-os/rehearsal/service";
import { toolsService } from "@matrix-os/tools/service";
import { vaultService } from "@matrix-os/vault/service";

/** Every service's map, for what is generated from them. */
export const services = [
  fileService,
  toolsService,
  dispatcherService,
  vaultService,
  kernelService,
  gatewayService,
  rehearsalService,
];
