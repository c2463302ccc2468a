/** Several keys out of one pasted text: found, checked and shown, and stored only when they are chosen. */

import type { Page } from "@playwright/test";
import { expect, memberTest as test } from "../fixtures";
import { storeKey } from "../people";
import { keyRow } from "../steps";

const OPENAI = "sk-proj-simvalid-0123456789-x3Fa";
const PASTE = `
# keys of the workshop
DATABASE_URL=postgres://me:hunter2@localhost/db
OPENAI_API_KEY=${OPENAI}
export ANTHROPIC_API_KEY="sk-ant-api03-simvalid-0123456789-9Kd2" # home
OPENROUTER_API_KEY=sk-or-v1-unknown-0123456789-b4c5
GEMINI_API_KEY='AQ.simratelimited-0123456789-Qz77'
`;

const found = (page: Page) => page.getByRole("list", { name: "Keys that were found" });
const row = (page: Page, lastFour: string) => found(page).getByRole("listitem").filter({ hasText: `…${lastFour}` });

async function paste(page: Page, text: string): Promise<void> {
  await page.goto("/settings/keys");
  await page.getByText("Paste several keys or a .env file").click();
  await page.getByLabel("Keys or .env file").fill(text);
  await page.getByRole("button", { name: "Find and check" }).click();
}

test("a .env file is read, checked and shown before anything is stored", async ({ page, server }) => {
  await storeKey(page, server, OPENAI);
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.postData() ?? ""));
  await paste(page, PASTE);
  await expect(page.getByText("4 keys found.")).toBeVisible();
  await expect(page.getByLabel("Keys or .env file")).toHaveValue("");

  await expect(row(page, "x3Fa")).toContainText("Stored already");
  await expect(row(page, "9Kd2")).toContainText("Anthropic accepts this key.");
  await expect(row(page, "9Kd2")).toContainText(/Can call \d+ models?/);
  await expect(row(page, "b4c5")).toContainText("OpenRouter does not accept this key.");
  await expect(row(page, "b4c5").getByRole("link", { name: "Open the provider's keys" })).toBeVisible();
  await expect(row(page, "Qz77")).toContainText("Rate limited");
  await expect(row(page, "x3Fa").getByRole("switch")).toBeHidden();
  await expect(row(page, "b4c5").getByRole("switch")).toBeHidden();
  expect(sent.join("\n")).not.toContain("hunter2");
  await expect(keyRow(page, "9Kd2").getByText("never used")).toBeHidden();

  await row(page, "Qz77").getByRole("switch").click();
  await page.getByRole("button", { name: "Seal 1 key" }).click();
  await expect(row(page, "9Kd2")).toContainText("Sealed");
  await expect(page.getByText("1 key is sealed and ready.")).toBeVisible();
  await page.reload();
  await expect(keyRow(page, "9Kd2")).toContainText("ANTHROPIC_API_KEY");
  await expect(keyRow(page, "Qz77")).toHaveCount(0);
  await expect(keyRow(page, "b4c5")).toHaveCount(0);
});

test("a text without keys stays where it is, and nothing is sent", async ({ page }) => {
  await paste(page, "PORT=8080\nDEBUG=true");
  await expect(page.getByText("No key was found in this text.")).toBeVisible();
  await expect(page.getByLabel("Keys or .env file")).toHaveValue("PORT=8080\nDEBUG=true");
});

test("which models a key can call is shown and searched", async ({ page, server }) => {
  await storeKey(page, server, OPENAI);
  await page.goto("/settings/keys");
  await keyRow(page, "x3Fa")
    .getByRole("button", { name: /^Can call \d+ models?/ })
    .click();
  const names = page.getByRole("list", { name: /^Models that .* can call$/ });
  await expect(names.getByRole("listitem").filter({ hasText: /^gpt-4o-mini$/ })).toBeVisible();
  await page.getByLabel("Search these models").fill("no such model");
  await expect(page.getByText("No model has these words in its name.")).toBeVisible();
});
