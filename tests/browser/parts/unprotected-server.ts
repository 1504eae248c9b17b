import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const types: Readonly<Record<string, string>> = {
  html: "text/html",
  svg: "image/svg+xml",
  xhtml: "application/xhtml+xml",
  txt: "text/plain",
};

/** A server that protects nobody: the same pages without policy, sandbox and client. */
export interface UnprotectedServer extends AsyncDisposable {
  readonly url: string;
  add(app: string, files: Readonly<Record<string, string>>): void;
}

/** `/?a,b` is a page with the apps `a` and `b` in frames. */
export async function startUnprotectedServer(): Promise<UnprotectedServer> {
  const files = new Map<string, string>();
  const server = createServer((request, response) => {
    const path = (request.url ?? "").slice(1);
    const content = path.startsWith("?") ? toDesk(path.slice(1).split(",")) : files.get(path);
    const type = types[path.split(".").at(-1) ?? ""] ?? "text/html";
    response.writeHead(content === undefined ? 404 : 200, { "content-type": `${type}; charset=utf-8` }).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (app, added) => {
      for (const [name, content] of Object.entries(added)) files.set(`${app}/${name}`, content);
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function toDesk(apps: readonly string[]): string {
  return `<!doctype html>${apps.map((app) => `<iframe src="${app}/index.html"></iframe>`).join("")}`;
}
