/** The only model this server offers. */
export const rehearsalModelId = "rehearsal-1";

/** The model as `GET /v1/models` describes it. */
export const rehearsalModel = {
  type: "model",
  id: rehearsalModelId,
  display_name: "Rehearsal (no real model: fixed rules, works without a key)",
  created_at: "2026-11-24T00:00:00Z",
  lifecycle: "active",
  line: null,
  deprecated_at: null,
  retires_at: null,
  capabilities: null,
  max_input_tokens: 1_000_000,
  max_tokens: 64_000,
} as const;

/** The list answer of `GET /v1/models`. */
export const modelList = {
  data: [rehearsalModel],
  has_more: false,
  first_id: rehearsalModelId,
  last_id: rehearsalModelId,
} as const;
