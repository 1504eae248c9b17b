import type { ReactElement } from "react";
import { IconButton } from "../design/parts.tsx";
import { type Toast, hideToast, useToasts } from "../state/toast-store.ts";

/** Short messages at the edge; read aloud when they come. */
export function Toasts(): ReactElement {
  const toasts = useToasts((state) => state.toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <ToastItem key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastItem({ toast }: { readonly toast: Toast }): ReactElement {
  const { id, from, title, body, action } = toast;
  return (
    <div className="toast">
      <div>
        {from !== undefined && <span className="small soft">{from}</span>}
        <strong>{title}</strong>
        {body !== undefined && body !== "" && <span className="small">{body}</span>}
      </div>
      {action !== undefined && (
        <button
          type="button"
          className="button"
          onClick={() => {
            hideToast(id);
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <IconButton icon="close" label="Dismiss" onClick={() => hideToast(id)} />
    </div>
  );
}
