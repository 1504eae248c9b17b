import { type ReactElement, useState } from "react";
import { CopyLine, Dialog } from "../design/parts.tsx";
import { useConnection } from "../state/connection-store.ts";

/** Stays in sight as long as a scripted stand-in answers in place of a model; tells how to set a key. */
export function RehearsalLabel(): ReactElement | null {
  const isRehearsal = useConnection(({ facts }) => facts?.rehearsal === true);
  const [isOpen, open] = useState(false);
  if (!isRehearsal) return null;
  return (
    <>
      <button type="button" className="rehearsal" onClick={() => open(true)}>
        <span className="spark" aria-hidden="true" />
        <span>
          <strong>Rehearsal model</strong> — <u>set a key</u> for a real one
        </span>
      </button>
      {isOpen && <KeyDialog onClose={() => open(false)} />}
    </>
  );
}

/** How to bring a real model. */
export function KeyDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  return (
    <Dialog label="Set a key" onClose={onClose}>
      <h2>Bring a real model</h2>
      <p>
        What answers now is a script, so that everything can be tried without a key: it can make six kinds of app,
        change them, and work with files and notes. It doesn’t think.
      </p>
      <p style={{ margin: "16px 0 8px" }}>For a real model, stop Matrix OS and start it again with a key:</p>
      <CopyLine text="ANTHROPIC_API_KEY=sk-ant-… make start" label="Copy the command" />
      <p style={{ margin: "16px 0 8px" }}>
        Or with any server that speaks the Messages API (Ollama, LM Studio, vLLM, llama.cpp):
      </p>
      <CopyLine text="ANTHROPIC_BASE_URL=http://127.0.0.1:11434 make start" label="Copy the command" />
      <div className="dialog-actions">
        <button type="button" className="button primary" onClick={onClose}>
          Done
        </button>
      </div>
    </Dialog>
  );
}
