import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { certificate, certificateKey } from "./parts/certificate.ts";
import { type Stage, startStage } from "./parts/start-gateway.ts";

let stage: Stage;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gateway-tls-"));
  await Promise.all([
    writeFile(join(folder, "cert.pem"), certificate),
    writeFile(join(folder, "key.pem"), certificateKey),
  ]);
  stage = await startStage({
    MATRIX_HOST: "0.0.0.0",
    MATRIX_TLS_CERT: join(folder, "cert.pem"),
    MATRIX_TLS_KEY: join(folder, "key.pem"),
    MATRIX_ALLOWED_HOSTS: "box.example",
  });
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

function ask(method: string, path: string, headers: Record<string, string>): Promise<Answer> {
  const { port } = new URL(stage.url);
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port, method, path, headers, ca: certificate, servername: "localhost" },
      (response) => {
        let body = "";
        response.on("data", (data: Buffer) => (body += data.toString()));
        response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body }));
      },
    );
    sent.on("error", reject).end();
  });
}

test("a public address speaks https, under the names it was given, with cookies that only travel so", async () => {
  const host = `box.example:${new URL(stage.url).port}`;
  expect(stage.url).toBe(`https://${host}`);
  const authorization = `Bearer ${stage.token}`;
  const link = await ask("POST", "/api/v1/links", { authorization, host });
  const { url } = JSON.parse(link.body) as { url: string };
  expect([link.status, link.headers["strict-transport-security"], url]).toEqual([
    201,
    "max-age=31536000",
    expect.stringMatching(`^https://${host}/login`),
  ]);
  const login = await ask("GET", `/login${new URL(url).search}`, { host });
  expect(String(login.headers["set-cookie"])).toMatch(/^__Host-matrix-\d+=.*; Secure$/);
  expect((await ask("GET", "/healthz", { host: "evil.example" })).status).toBe(403);
});
