/** Header names of every message on the bus (CloudEvents binary mode, W3C trace context, and ours). */
export const headers = {
  id: "ce-id",
  type: "ce-type",
  source: "ce-source",
  time: "ce-time",
  traceparent: "traceparent",
  correlation: "mx-correlation",
  messageId: "Nats-Msg-Id",
  error: "mx-error",
  deadSubject: "mx-dead-subject",
  deadReason: "mx-dead-reason",
  deadAttempts: "mx-dead-attempts",
} as const;
