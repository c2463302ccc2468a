/** The record of what was done with keys: one's own for everyone, everyone's for administrators; filtered, kept. */

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, memberTest as test } from "../fixtures";
import { register, somebody, storeConversation, storeKey } from "../people";
import { keyForm, say, sealed, sendKey } from "../steps";

const KEY = "sk-proj-simvalid-0123456789-x3Fa";

function entries(page: Page) {
  return page.locator("main").getByRole("listitem");
}

async function download(page: Page, name: string): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name }).click()]);
  return readFile(await file.path(), "utf8");
}

test("adding and using a key is on record, can be filtered and downloaded @stored", async ({ page, server }) => {
  await page.goto("/settings/keys");
  await sendKey(keyForm(page), KEY, "Work");
  await expect(sealed(page, "x3Fa")).toBeVisible();
  await storeConversation(page, server, "openai/gpt-4o-mini", say("Hello."));

  await page.getByRole("link", { name: "Activity" }).click();
  const added = entries(page).filter({ hasText: "Key added" });
  await expect(added).toContainText("OpenAI · Work ··x3Fa");
  await expect(added).toContainText("Valid");
  const used = entries(page).filter({ hasText: "Key used for an answer" });
  await expect(used).toContainText("openai/gpt-4o-mini");
  await expect(entries(page).filter({ hasText: "Account created" })).toHaveCount(1);

  await page.getByLabel("Kind").selectOption("Key use");
  await expect(added).toHaveCount(0);
  await expect(used).toHaveCount(1);
  await page.getByLabel("Kind").selectOption("Everything");
  await page.getByLabel("Key", { exact: true }).selectOption("OpenAI · Work ··x3Fa");
  await page.getByLabel("Time").selectOption("Last 7 days");
  await expect(entries(page)).toHaveCount(2);

  const csv = await download(page, "Download CSV");
  expect(csv.trim().split("\r\n")).toHaveLength(3);
  expect(csv).toContain('"Key added"');
  const json = JSON.parse(await download(page, "Download JSON"));
  expect(json.format).toBe("marshmallow-audit");
  expect(json.entries.map((entry: { action: string }) => entry.action)).toContain("account.created");
  for (const text of [csv, JSON.stringify(json), await page.content()]) expect(text).not.toContain(KEY);
});

test("older entries come with a click, and a filter without entries says so", async ({ page, server }) => {
  await storeKey(page, server, KEY);
  await page.goto("/settings/keys");
  const [id] = await page.evaluate(async () => {
    const cards = await (await fetch("/api/keys/list")).json();
    return cards.flatMap((card: { keys: { id: string }[] }) => card.keys.map((key) => key.id));
  });
  await page.evaluate(async (id) => {
    for (let time = 0; time < 60; time += 1) {
      const body = new URLSearchParams({ id, is_active: String(time % 2 === 1) });
      await fetch("/api/keys/set_active", { method: "POST", body, headers: { Accept: "application/json" } });
    }
  }, id);
  await page.goto("/settings/activity");
  await expect(entries(page)).toHaveCount(50);
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(entries(page)).toHaveCount(63);
  await expect(page.getByRole("button", { name: "Load more" })).toHaveCount(0);

  await page.getByLabel("Kind").selectOption("Key use");
  await expect(page.getByText("No entry fits this filter.")).toBeVisible();
  await page.getByRole("button", { name: "Show everything" }).click();
  await expect(entries(page)).toHaveCount(50);
});

test("an administrator sees everyone's entries, a member only their own", async ({ startServer, newBrowser }) => {
  const server = await startServer();
  const [ana, ben] = [await newBrowser(server), await newBrowser(server)];
  await register(ana.context(), server, somebody("Ana"));
  const member = await register(ben.context(), server, somebody("Ben"));
  await storeKey(ana, server, KEY);

  await ben.goto("/settings/activity");
  await expect(entries(ben).filter({ hasText: "Signed in" })).toHaveCount(1);
  await expect(entries(ben).filter({ hasText: "Key added" })).toHaveCount(0);
  await expect(ben.getByLabel("Whose")).toHaveCount(0);

  await ana.goto("/settings/activity");
  await expect(entries(ana).filter({ hasText: member.email })).toHaveCount(0);
  await ana.getByLabel("Whose").selectOption("Everyone's");
  await expect(entries(ana).filter({ hasText: member.email }).first()).toContainText("Signed in");
  await expect(entries(ana).filter({ hasText: "Key added" })).toContainText("Ana");
  expect(await download(ana, "Download CSV")).toContain(member.email);
});
