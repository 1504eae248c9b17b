import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";

// Runs inside the sandbox, alone: a port of its loopback that leads to the proxy's socket, beside the command itself.
const PORT = 3_128;
const [socketPath = "", file = "", ...args] = process.argv.slice(2);

const server = createServer((client) => {
  const proxy = connect(socketPath);
  client.on("error", () => proxy.destroy());
  proxy.on("error", () => client.destroy());
  client.pipe(proxy).pipe(client);
});
server.listen(PORT, "127.0.0.1", () => {
  const child = spawn(file, args, { stdio: "inherit" });
  child.once("error", (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(127);
  });
  child.once("exit", (code) => process.exit(code ?? 1));
});
