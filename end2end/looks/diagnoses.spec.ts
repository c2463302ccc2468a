/** Takes a picture of each diagnosis as a key's card shows it, only when asked: `MARSHMALLOW_SCREENSHOTS=1`. */

import { join } from "node:path";
import { expect, test } from "../fixtures";
import { register, somebody } from "../people";

const FOLDER = join(__dirname, "../../docs/screenshots");

const DIAGNOSES = [
  "valid",
  "restricted",
  "unverifiable",
  "mistyped",
  "other_provider",
  "invalid",
  "expired",
  "lapsed",
  "admin_key",
  "sign_in_token",
  "no_credit",
  "spend_cap",
  "over_budget",
  "rate_limited",
  "region_blocked",
  "ip_not_allowed",
  "scope_missing",
  "project_missing",
  "model_unavailable",
  "bad_request",
  "filtered",
  "provider_down",
  "garbled",
  "unreachable",
  "address_blocked",
];

function key(diagnosis: string, place: number) {
  const now = Date.now();
  const isLapsed = diagnosis === "lapsed";
  return {
    id: `01900000-0000-7000-8000-0000000000${String(place).padStart(2, "0")}`,
    provider: "openai",
    endpoint: "openai",
    base_url: "https://api.openai.com/v1",
    label: diagnosis,
    last_four: "x3Fa",
    is_active: true,
    status: { state: "checked", diagnosis: isLapsed ? "valid" : diagnosis },
    model_count: 62,
    until: diagnosis === "rate_limited" ? now + 90 * 60_000 : null,
    rest: null,
    created_at: now,
    last_used: null,
    last_validated: now,
    expires_at: isLapsed ? now - 60_000 : null,
    is_over: isLapsed,
    next_check: isLapsed ? null : now + 86_400_000,
    credit_left: null,
    status_since: now,
    replaced: null,
    former: null,
  };
}

for (const theme of ["light", "dark"]) {
  test(`pictures of all diagnoses in the ${theme} theme`, async ({ startServer, newBrowser }, info) => {
    const server = await startServer();
    const page = await newBrowser(server);
    await register(page.context(), server, somebody("Demo"));
    await page.context().addCookies([{ name: "theme", value: theme, url: server.url }]);
    const cards = [{ provider: "openai", base_url: "https://api.openai.com/v1", keys: DIAGNOSES.map(key) }];
    await page.route("**/api/keys/list*", (route) => route.fulfill({ json: cards }));
    // The page is made on the server; only a step inside it asks for the list in the browser.
    await page.goto("/settings/account");
    await page.getByRole("link", { name: "API keys" }).first().click();
    await expect(page.getByRole("listitem").filter({ hasText: "…x3Fa" })).toHaveCount(DIAGNOSES.length);
    await page.screenshot({ path: join(FOLDER, `diagnoses-${theme}-${info.project.name}.png`), fullPage: true, scale: "css" });
  });
}
