import {
  type Device,
  type LoginLink,
  createLinkRoute,
  listDevicesRoute,
  removeDeviceRoute,
} from "@matrix-os/contracts/api/links";
import { type ReactElement, useState } from "react";
import { CopyLine, FailureState, Skeleton } from "../design/parts.tsx";
import { toWhen } from "../design/when.ts";
import { toFailure, toSentence } from "../live/failure.ts";
import { call } from "../live/rest.ts";
import { showToast } from "../state/toast-store.ts";
import { toBrowserName } from "./browser-name.ts";
import { useLoaded } from "./use-loaded.ts";

const listDevices = async (): Promise<readonly Device[]> => (await call(listDevicesRoute)).devices;

/** Browsers that are logged in, and a link for one more. */
export function DeviceSection(): ReactElement {
  const { loaded, again } = useLoaded(listDevices);
  const remove = async (id: string): Promise<void> => {
    await call(removeDeviceRoute, { params: { device: id } }).catch(tellFailure);
    again();
  };
  return (
    <section aria-labelledby="devices">
      <h2 id="devices">Devices</h2>
      {loaded.state === "loading" && <Skeleton label="Loading devices" />}
      {loaded.state === "failed" && <FailureState failure={loaded.failure} onRetry={again} />}
      {loaded.state === "ready" && (
        <ul className="devices">
          {loaded.value.map((device) => (
            <DeviceLine key={device.id} device={device} onRemove={() => void remove(device.id)} />
          ))}
        </ul>
      )}
      <NewLink />
    </section>
  );
}

function DeviceLine({ device, onRemove }: { readonly device: Device; readonly onRemove: () => void }): ReactElement {
  const name = toBrowserName(device.userAgent);
  return (
    <li>
      <span className="device-name">
        {name}
        <span className="small soft">
          {device.current ? "This browser" : `Seen ${toWhen(device.lastSeen)}`} · since {toWhen(device.createdAt)}
        </span>
      </span>
      <button type="button" className="button danger" aria-label={`Log out ${name}`} onClick={onRemove}>
        Log out
      </button>
    </li>
  );
}

function NewLink(): ReactElement {
  const [link, setLink] = useState<LoginLink | undefined>(undefined);
  const make = (): void => void call(createLinkRoute).then(setLink, tellFailure);
  return (
    <div className="new-link">
      <button type="button" className="button" onClick={make}>
        New login link
      </button>
      {link !== undefined && (
        <>
          <CopyLine text={link.url} label="Copy the link" />
          <p className="small soft">Open it in the other browser. It works once, until {toTime(link.expiresAt)}.</p>
        </>
      )}
    </div>
  );
}

function toTime(instant: string): string {
  return new Date(instant).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
}

function tellFailure(thrown: unknown): void {
  showToast({ title: toSentence(toFailure(thrown).code) });
}
