import { expect, it } from "vitest";
import { ArrivalOrder } from "./arrival-order.ts";

it("holds back who is done early until all before it have left, in its own session only", async () => {
  const order = new ArrivalOrder();
  const [first, second, other] = [order.enter("a"), order.enter("a"), order.enter("b")];
  const seen: string[] = [];
  const done = [
    second.turn.then(() => seen.push("second")),
    other.turn.then(() => seen.push("other")),
    first.turn.then(() => seen.push("first")),
  ];
  second.leave();
  await Promise.all([done[1], done[2]]);
  expect(seen).toEqual(["other", "first"]);
  first.leave();
  await done[0];
  expect(seen).toEqual(["other", "first", "second"]);
});
