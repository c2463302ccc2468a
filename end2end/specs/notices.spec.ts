/** The bell: what needs attention is counted, told, led to, put away, and gone with its cause. */

import type { BrowserContext, Page } from "@playwright/test";
import { expect, memberTest as test } from "../fixtures";
import { call, register, storeConversation, storeKey } from "../people";
import type { Site } from "../servers";
import { bell, keyRow, openNotices, say } from "../steps";

const CAPPED = "sk-ant-api03-simspendcap-0123456789-c4pd";
const VALID = "sk-proj-simvalid-0123456789-x3Fa";
const MODEL = "openai/gpt-4o-mini";
const NOTHING = "Notices: nothing needs your attention";
const ONE = "Notices: 1 needs your attention";

/** Limits what all keys together may spend today, to nano-dollars; gives what is spent already. */
async function limit(context: BrowserContext, server: Site, nano: number): Promise<number> {
  const day = (nano / 1e9).toFixed(9);
  const budgets = JSON.parse(await call(context, server, "budgets/set", { day, month: "" }));
  return budgets[0].day.used;
}

/** What a browser says when somebody comes back to the page. */
async function comeBack(page: Page): Promise<void> {
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
}

test("a key that stopped working is counted, led to, and gone when it is removed", async ({ page, server }) => {
  await page.goto("/");
  await expect(bell(page)).toHaveAccessibleName(NOTHING);
  await expect((await openNotices(page)).getByText("Nothing needs your attention")).toBeVisible();

  await storeKey(page, server, CAPPED);
  await page.reload();
  await expect(bell(page)).toHaveAccessibleName(ONE);
  const panel = await openNotices(page);
  const item = panel.getByRole("listitem");
  await expect(item).toContainText("Spend limit reached");
  await expect(item).toContainText("··c4pd, Anthropic");
  await expect(item).toContainText("A spend limit of your account at Anthropic is reached.");
  await expect(item.getByRole("link", { name: "Open the spend limits" })).toHaveAttribute("href", /^https:/);
  await item.getByRole("link", { name: "Go to the key" }).click();

  await expect(page).toHaveURL(/\/settings\/keys#key-/);
  const row = keyRow(page, "c4pd");
  await expect(row).toBeInViewport();
  await expect(row).toBeFocused();
  await page.locator("html[data-alive]").waitFor({ state: "attached" });
  await expect(page.getByRole("heading", { name: "Needs your attention" })).toBeVisible();
  await row.getByRole("button", { name: /^Remove/ }).click();
  await page.getByRole("button", { name: "Remove key" }).click();
  await expect(bell(page)).toHaveAccessibleName(NOTHING);
  await expect(page.getByRole("heading", { name: "Needs your attention" })).toHaveCount(0);
});

test("a budget at four fifths is told, put away, and back when it is used up", async ({ page, server }) => {
  await storeKey(page, server, VALID);
  await storeConversation(page, server, MODEL, say("Spent a little."));
  await page.goto("/");
  await expect(bell(page)).toHaveAccessibleName(NOTHING);
  const used = await limit(page.context(), server, 5e9);
  await limit(page.context(), server, Math.floor(used / 0.8));
  await comeBack(page);
  await expect(bell(page)).toHaveAccessibleName(ONE);
  await expect(page.getByText(/^All your keys together: \$[\d.]+ of \$[\d.]+ is spent today\.$/)).toBeVisible();

  const panel = await openNotices(page);
  await expect(panel.getByRole("listitem")).toContainText("Budget nearly used up");
  await panel.getByRole("button", { name: "Put away: All your keys together, budget nearly used up" }).click();
  await expect(panel.getByText("Nothing needs your attention")).toBeVisible();
  await page.reload();
  await expect(bell(page)).toHaveAccessibleName(NOTHING);

  await limit(page.context(), server, used);
  await comeBack(page);
  await expect(bell(page)).toHaveAccessibleName(ONE);
  const again = await openNotices(page);
  await expect(again.getByRole("listitem")).toContainText("Budget used up");
  await again.getByRole("link", { name: "Change the limit" }).click();
  await expect(page).toHaveURL("/settings/spending");
  await expect(page.getByRole("heading", { name: "All your keys together" })).toBeInViewport();
});

test("the bell works by keyboard, and nobody sees what is somebody else's", async ({ page, server, newBrowser }) => {
  await storeKey(page, server, CAPPED);
  await page.goto("/settings/account");
  await bell(page).focus();
  await page.keyboard.press("Enter");
  const panel = page.getByRole("dialog", { name: "Needs your attention" });
  await expect(panel).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
  await expect(bell(page)).toBeFocused();
  await page.keyboard.press("Enter");
  await panel.getByRole("button", { name: /^Put away/ }).focus();
  await page.keyboard.press("Enter");
  await expect(panel.getByText("Nothing needs your attention")).toBeVisible();

  const other = await newBrowser();
  await register(other.context(), server);
  await other.goto("/");
  await expect(bell(other)).toHaveAccessibleName(NOTHING);
});

test("from which age on a key is old is one's own choice", async ({ page }) => {
  await page.goto("/");
  const field = (await openNotices(page)).getByLabel("Call a key old");
  await expect(field).toHaveValue("quarter");
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().endsWith("/api/notices/set_key_age")),
    field.selectOption("After 365 days"),
  ]);
  expect(answer.status()).toBe(200);
  await page.reload();
  await expect((await openNotices(page)).getByLabel("Call a key old")).toHaveValue("year");
});
