/** Hosts that a text names, as addresses or bare (`example.org`), the way the URL parser writes them. */
export function findHosts(text: string): string[] {
  const found = text.match(/(?:https?:\/\/)?[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+(?::\d+)?/gu) ?? [];
  const hosts = found.map((name) => URL.parse(name.includes("://") ? name : `https://${name}`)?.hostname ?? "");
  return [...new Set(hosts.filter((host) => host !== ""))];
}
