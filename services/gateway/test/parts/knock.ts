import { request } from "node:http";

/** What came back to a knock. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Node's own client: it sends `Host` and `Origin` as it is told. An event stream is left once its head is there. */
export function knock(
  url: URL,
  { method, headers, json }: { method: string; headers: Record<string, string>; json?: unknown },
): Promise<Answer> {
  const sent = json === undefined ? {} : { "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers: { ...headers, ...sent } }, (response) => {
      const type = response.headers["content-type"] ?? "";
      const status = response.statusCode ?? 0;
      if (type.startsWith("text/event-stream")) {
        resolve({ status, type, body: "" });
        return void response.destroy();
      }
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("end", () => resolve({ status, type, body }));
    });
    asked.on("error", reject).end(json === undefined ? undefined : JSON.stringify(json));
  });
}
