/** Replacing a key while an answer is being written with it, and watching the old one until it is dead. */

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, memberTest as test } from "../fixtures";
import { storeKey } from "../people";
import { ask, chooseModel, ended, keyRow, providerCard, receiptOf, say, seen, textOf, words } from "../steps";

const OLD = "sk-proj-simvalid-0123456789-0ld1";
const NEW = "sk-proj-simvalid-0123456789-n3w1";
const MODEL = "openai/gpt-4o-mini";

/** Opens the assistant of a key, types the new one and sends it. */
async function replace(page: Page, lastFour: string, typed: string): Promise<void> {
  const dialog = page.getByRole("dialog", { name: /^Replace / });
  if (!(await dialog.isVisible())) await keyRow(page, lastFour).getByRole("button", { name: /^Replace / }).click();
  await dialog.getByLabel("New key").fill(typed);
  await dialog.getByRole("button", { name: "Check and replace" }).click();
}

test("a key is replaced while it writes an answer, and watched until it is dead", async ({
  page,
  server,
  simulator,
}) => {
  await storeKey(page, server, OLD);
  await page.goto("/");
  await chooseModel(page, MODEL);
  const draining = await ask(page, say(words(400), "delay=25"));
  await seen(draining, 3);

  const settings = await page.context().newPage();
  await settings.goto("/settings/keys");
  await replace(settings, "0ld1", NEW);
  await expect(settings.getByText("The new key has taken over.")).toBeVisible();
  const card = providerCard(settings, "OpenAI");
  await expect(card.getByRole("heading", { name: "Replaced keys" })).toBeVisible();
  const old = card.getByRole("listitem").filter({ hasText: "…0ld1" }).filter({ hasText: "Replaced" });
  await expect(old).toContainText("An answer is still being written with the old key");
  await expect(old.getByRole("link", { name: "Revoke the old key at OpenAI" })).toHaveAttribute(
    "href",
    "https://platform.openai.com/api-keys",
  );
  expect((await new AxeBuilder({ page: settings }).analyze()).violations).toEqual([]);

  await ended(draining);
  await expect(textOf(draining)).toHaveText(words(400));
  await expect(receiptOf(draining)).toContainText("0ld1");
  const next = await ask(page, say("Served by the new one."));
  await ended(next);
  await expect(receiptOf(next)).toContainText("n3w1");
  await expect(old).toContainText("No answer uses the old key.");

  // What is left to do is there again after a reload.
  await settings.reload();
  await expect(old).toContainText("Not known yet whether the old key still works.");
  await old.getByRole("button", { name: "Check the replaced key …0ld1 now" }).click();
  await expect(old).toContainText("The old key still works: OpenAI accepts it.");

  await settings.request.post(`http://${simulator.host}/revoke`, { data: OLD });
  await old.getByRole("button", { name: "Check the replaced key …0ld1 now" }).click();
  await expect(settings.getByText("The old key no longer works. Its sealed copy is deleted.")).toBeVisible();
  await expect(card.getByRole("heading", { name: "Replaced keys" })).toHaveCount(0);
  await settings.reload();
  await expect(keyRow(settings, "n3w1")).toContainText("The old key …0ld1 no longer works.");
  await settings.goto("/settings/activity");
  await expect(settings.getByText("Old key no longer works")).toBeVisible();
});

test("what may not replace a key changes nothing, and the typed key does not stay", async ({
  page,
  server,
  watch,
}) => {
  watch.allowStatus(409);
  watch.allowStatus(422);
  await storeKey(page, server, OLD);
  await page.goto("/settings/keys");
  const dialog = page.getByRole("dialog", { name: /^Replace / });
  for (const [typed, told] of [
    [OLD, "This is the key that you are replacing."],
    ["sk-ant-api03-simvalid-0123456789-0th3", "This looks like a key of Anthropic"],
    ["sk-proj-unknown-0123456789-r3fu", "OpenAI does not accept this key."],
  ]) {
    await replace(page, "0ld1", typed);
    await expect(dialog).toContainText(told);
    await expect(dialog.getByLabel("New key")).toHaveValue("");
  }
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(keyRow(page, "0ld1")).toHaveCount(1);
  await expect(page.getByRole("heading", { name: "Replaced keys" })).toHaveCount(0);
});

test("a replaced key is taken back, by keyboard alone", async ({ page, server }) => {
  await storeKey(page, server, OLD);
  await page.goto("/settings/keys");
  await keyRow(page, "0ld1").getByRole("button", { name: /^Replace / }).press("Enter");
  const field = page.getByLabel("New key");
  await field.focus();
  await page.keyboard.type(NEW);
  await page.keyboard.press("Enter");
  const back = page.getByRole("button", { name: "Take the replaced key …0ld1 back into use" });
  await back.press("Enter");
  await expect(page.getByText("The key is in use again.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Replaced keys" })).toHaveCount(0);
  await expect(page.getByRole("listitem").filter({ hasText: "…" }).first()).toContainText("…0ld1");
  await expect(keyRow(page, "n3w1")).toHaveCount(1);
});
