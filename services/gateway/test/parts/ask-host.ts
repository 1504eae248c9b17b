import { request } from "node:http";

/** An answer, read to its end. */
export interface HostAnswer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

/** Asks the gateway under the name that the URL has, whatever that resolves to; nothing in the path is tidied up. */
export function askHost(asked: {
  readonly gateway: string;
  readonly url: URL;
  readonly method: string;
  readonly headers: Record<string, string>;
}): Promise<HostAnswer> {
  const { url, method } = asked;
  const { hostname: name, port } = new URL(asked.gateway);
  const hostname = name.replace(/^\[(.*)\]$/, "$1");
  return new Promise((resolve, reject) => {
    const path = `${url.pathname}${url.search}`;
    const sent = request(
      { hostname, port, path, method, headers: { host: url.host, ...asked.headers } },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (text: string) => (body += text));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      },
    );
    sent.on("error", reject).end();
  });
}
