/** How long a key may be used: given when it is added, shown, put off, over; and the administrator's bound. */

import type { Locator, Page } from "@playwright/test";
import { expect, memberTest as test, test as plain } from "../fixtures";
import { call, register, storeConversation } from "../people";
import type { Server } from "../servers";
import { ask, ended, keyForm, keyRow, message, say, sealed, sendButton, sendKey, textOf } from "../steps";

const KEY = "sk-proj-simvalid-0123456789-L1fe";
const MODEL = "openai/gpt-4o-mini";

/** Opens the form on a key's row by what invites to it. */
async function expiryForm(row: Locator, invitation: string): Promise<Locator> {
  await row.getByText(invitation, { exact: true }).click();
  return row.getByRole("form", { name: /^Expiry of/ });
}

/** The only key of whoever is signed in. */
async function onlyKey(page: Page, server: Server): Promise<{ id: string; is_over: boolean }> {
  const answer = await page.request.get(`${server.url}/api/keys/list`, { headers: { Accept: "application/json" } });
  const cards: { keys: { id: string; is_over: boolean }[] }[] = await answer.json();
  return cards.flatMap((card) => card.keys)[0];
}

/** Lets the only key end in a moment, and waits until it has. */
async function letItEnd(page: Page, server: Server): Promise<void> {
  const { id } = await onlyKey(page, server);
  const until = new Date(Date.now() + 2_000).toISOString().slice(0, 19);
  await call(page.context(), server, "key_life/set", { id, life: "until", until });
  await expect.poll(async () => (await onlyKey(page, server)).is_over).toBe(true);
}

async function storeOneHour(page: Page, server: Server): Promise<void> {
  await call(page.context(), server, "keys/add", { provider: "openai", key: KEY, label: "Trial", life: "1h" });
}

test("a key is given an expiry when it is added, and another one later", async ({ page, watch }) => {
  watch.allowStatus(422);
  await page.goto("/settings/keys");
  const form = keyForm(page);
  await form.getByLabel("Expires").selectOption({ label: "After 7 days" });
  await sendKey(form, KEY, "Trial");
  await expect(sealed(page, "L1fe")).toBeVisible();
  const row = keyRow(page, "L1fe");
  await expect(row).toContainText(/expires in [67] days/);
  await expect(row).toContainText(/next check in/);

  const expiry = await expiryForm(row, "Change the expiry");
  await expiry.getByLabel("Expires").selectOption({ label: "After 1 day" });
  await expiry.getByRole("button", { name: "Save the expiry" }).click();
  await expect(page.getByText("The expiry is saved.")).toBeVisible();
  await expect(row).toContainText(/expires in (23 h|1 day)/);

  // A moment that has passed is refused, and nothing is lost.
  await expiry.getByLabel("Expires").selectOption({ label: "At a date and time" });
  await expiry.getByLabel("Date and time, in UTC").fill("2001-01-01T10:00");
  await expiry.getByRole("button", { name: "Save the expiry" }).click();
  await expect(expiry).toContainText("This moment has passed.");
  await expect(expiry.getByLabel("Date and time, in UTC")).toHaveValue("2001-01-01T10:00");
  await expect(row).toContainText(/expires in (23 h|1 day)/);

  const nextYear = new Date().getUTCFullYear() + 1;
  await expiry.getByLabel("Date and time, in UTC").fill(`${nextYear}-06-30T18:00`);
  await expiry.getByRole("button", { name: "Save the expiry" }).click();
  await expect(row).toContainText(`expires 30 Jun ${nextYear}`);
  await page.reload();
  await expect(keyRow(page, "L1fe")).toContainText(`expires 30 Jun ${nextYear}`);
});

test("a key that is over ends a chat clearly, and serves again when it is extended", async ({
  page,
  server,
  watch,
}) => {
  watch.allowStatus(422);
  await storeOneHour(page, server);
  const conversation = await storeConversation(page, server, MODEL, say("Before the end"));
  await page.goto(conversation);
  await expect(page.getByText("Before the end").last()).toBeVisible();
  await letItEnd(page, server);

  await message(page).fill(say("Nobody says this."));
  await sendButton(page).click();
  await expect(page.getByText(/time limit that you set for this key here has passed/).last()).toBeVisible();
  await expect(page.getByText(/Extend it under Settings, API keys/).last()).toBeVisible();

  await page.goto("/settings/keys");
  const row = keyRow(page, "L1fe");
  await expect(row).toContainText("Time limit passed");
  await expect(row).toContainText(/expired (just now|\d+ min ago)/);
  const expiry = await expiryForm(row, "Extend it");
  await expiry.getByLabel("Expires").selectOption({ label: "Never" });
  await expiry.getByRole("button", { name: "Save the expiry" }).click();
  await expect(row).not.toContainText("expired");
  await expect(row).toContainText("Valid");

  await page.goto(conversation);
  const one = await ask(page, say("After the end"));
  await ended(one);
  await expect(textOf(one)).toHaveText("After the end");
});

plain("the administrator's bound holds for everybody, and cuts what is longer", async ({
  newBrowser,
  startServer,
}) => {
  const server = await startServer();
  const page = await newBrowser(server);
  await register(page.context(), server);
  await call(page.context(), server, "keys/add", { provider: "openai", key: KEY, label: "Trial" });
  await page.goto("/settings/keys");
  await expect(keyRow(page, "L1fe")).not.toContainText("expires");
  await page.getByLabel("Longest time until a key expires").selectOption({ label: "7 days" });
  await page.getByRole("button", { name: "Save the longest time" }).click();
  await expect(page.getByText("The limit for everybody's keys is saved.")).toBeVisible();
  await expect(keyRow(page, "L1fe")).toContainText(/expires in [67] days/);
  const choices = keyForm(page).getByLabel("Expires").getByRole("option");
  await expect(choices.first()).toHaveText("As late as allowed: after 7 days");
  await expect(choices.filter({ hasText: "30 days" })).toHaveCount(0);
});
