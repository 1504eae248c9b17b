/** Hears Ctrl-C (SIGINT) while it is in use, instead of letting it end the program. `count` tells how often it came. */
export function onInterrupt(hear: (count: number) => void): Disposable {
  let count = 0;
  const listener = (): void => {
    count += 1;
    hear(count);
  };
  process.on("SIGINT", listener);
  return { [Symbol.dispose]: () => process.removeListener("SIGINT", listener) };
}
