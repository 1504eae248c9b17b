/** Whether the list names this host: itself, or for `*.` a name below it. */
export function allowsHost(hosts: readonly string[], host: string): boolean {
  const name = host.toLowerCase();
  return hosts.some((pattern) => (pattern.startsWith("*.") ? name.endsWith(pattern.slice(1)) : name === pattern));
}
