import { type ReactElement, useEffect, useState } from "react";
import { Markdown } from "../chat/markdown.tsx";
import { Icon } from "../design/icon.tsx";
import { EmptyState, FailureState, Skeleton } from "../design/parts.tsx";
import { type Failure, toFailure } from "../live/failure.ts";
import { onHomeChange, touches } from "../live/home-changes.ts";
import { send, toFileUrl } from "../live/rest.ts";
import { toName, toViewer } from "./home-files.ts";

/** Longer texts are shown up to here. */
const MAX_SHOWN_BYTES = 512_000;

/** A look at a file: pictures, text and Markdown; anything can be downloaded. Nothing in a file ever runs here. */
export function FileViewer({ path, onGone }: { readonly path: string; readonly onGone: () => void }): ReactElement {
  const [version, setVersion] = useState(0);
  useEffect(
    () =>
      onHomeChange((change) => {
        if (change?.paths.some((one) => one.path === path && one.kind === "deleted") === true) onGone();
        else if (touches(change, path)) setVersion((before) => before + 1);
      }),
    [path, onGone],
  );
  const viewer = toViewer(path);
  const name = toName(path);
  return (
    <div className="viewer">
      <div className="viewer-body scroll" tabIndex={0} role="region" aria-label={name}>
        {viewer === "image" && <img src={`${toFileUrl(path)}?v=${version}`} alt={name} />}
        {viewer === "none" && <EmptyState title="This kind of file can’t be shown here" />}
        {(viewer === "text" || viewer === "markdown") && <TextFile path={path} version={version} kind={viewer} />}
      </div>
      <footer className="viewer-foot">
        <a className="button" href={toFileUrl(path)} download={name}>
          <Icon name="download" size={16} /> Download
        </a>
      </footer>
    </div>
  );
}

type Text =
  | { readonly state: "loading" }
  | { readonly state: "ready"; readonly text: string }
  | { readonly state: "failed"; readonly failure: Failure };

function TextFile({
  path,
  version,
  kind,
}: {
  readonly path: string;
  readonly version: number;
  readonly kind: "text" | "markdown";
}): ReactElement {
  const [text, setText] = useState<Text>({ state: "loading" });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isOver = false;
    const read = async (): Promise<void> => {
      const next = await readStart(path);
      if (!isOver) setText(next);
    };
    void read();
    return () => {
      isOver = true;
    };
  }, [path, version, round]);
  if (text.state === "loading") return <Skeleton label="Loading the file" />;
  if (text.state === "failed") return <FailureState failure={text.failure} onRetry={() => setRound(round + 1)} />;
  if (text.text === "") return <EmptyState title="This file is empty" />;
  return kind === "markdown" ? <Markdown text={text.text} /> : <pre className="file-text">{text.text}</pre>;
}

async function readStart(path: string): Promise<Text> {
  try {
    const response = await send(toFileUrl(path), { headers: { range: `bytes=0-${MAX_SHOWN_BYTES - 1}` } });
    const text = await response.text();
    return { state: "ready", text: response.status === 206 && isCut(response) ? `${text}\n…` : text };
  } catch (thrown) {
    const failure = toFailure(thrown);
    // A range of an empty file can't be satisfied.
    return failure.code === "invalid" ? { state: "ready", text: "" } : { state: "failed", failure };
  }
}

function isCut(response: Response): boolean {
  return Number(response.headers.get("content-range")?.split("/")[1] ?? 0) > MAX_SHOWN_BYTES;
}
