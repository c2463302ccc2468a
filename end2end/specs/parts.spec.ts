/** The application comes in parts: a page downloads its own, and one that cannot be had is not passed over in silence. */

import { alive, expect, memberTest, test } from "../fixtures";
import { sidebar } from "../steps";

const PART = /\/split_(\w+?)_\d+\.wasm$/;

test("a page downloads its own part of the application only", async ({ page }) => {
  const parts = new Set<string>();
  page.on("request", (request) => {
    const part = PART.exec(new URL(request.url()).pathname)?.[1];
    if (part !== undefined) parts.add(part);
  });
  await page.goto("/register", { waitUntil: "networkidle" });
  expect([...parts]).toEqual(["entrance"]);
});

memberTest("a part that cannot be downloaded is reported, with the way out", async ({ page, watch }) => {
  watch.allow(/net::ERR_FAILED|Failed to fetch|failed to load split module|panicked|unreachable/);
  await page.goto("/");
  const link = async () => (await sidebar(page)).getByRole("link", { name: "API keys" });
  await page.route(PART, (route) => route.abort());
  await (await link()).click();
  const bar = page.getByRole("alert").filter({ hasText: "This page has stopped working" });
  await expect(bar).toBeVisible();
  await page.unroute(PART);
  await page.getByRole("link", { name: "Reload" }).click();
  await alive(page, undefined);
  await expect(bar).toBeHidden();
  await (await link()).click();
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
});
