/** A key in a message: held back on the device, stored instead, taken out, or sent after a second question. */

import type { Page } from "@playwright/test";
import { expect, memberTest as test } from "../fixtures";
import { storeKey } from "../people";
import { answer, ask, chooseModel, ended, keyForm, message, sealed, sendButton } from "../steps";

const KEY = "sk-ant-api03-simvalid-0123456789-9Kd2";
const TEXT = `Why does ${KEY} not work?`;

const guard = (page: Page) => page.getByRole("status").filter({ hasText: "this looks like an API key" });

/** What the browser keeps of this page, but for the field that the key is in. */
async function kept(page: Page): Promise<string> {
  return page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href, history.state]),
  );
}

test.beforeEach(async ({ page, server }) => {
  await storeKey(page, server, "sk-proj-simvalid-0123456789-x3Fa");
  await page.goto("/");
  await chooseModel(page, "openai/gpt-4o-mini");
});

test("a key in a message is held back, by the button and by Enter", async ({ page }) => {
  await message(page).fill(TEXT);
  await expect(guard(page)).toContainText("This message holds a key of Anthropic (…9Kd2).");
  await expect(sendButton(page)).toBeDisabled();
  await message(page).press("Enter");
  await expect(page.getByRole("article")).toHaveCount(0);
  await expect(message(page)).toHaveValue(TEXT);
  await expect(message(page)).toHaveAttribute("autocomplete", "off");
  expect(await kept(page)).not.toContain("simvalid");
});

test("ordinary words that begin like a key are sent", async ({ page }) => {
  const one = await ask(page, "What is sk-learn, and how does an sk-proj- key begin? #sim text=Gladly.");
  await ended(one);
  await expect(guard(page)).toBeHidden();
});

test("the key is stored instead, and the message waits", async ({ page }) => {
  await message(page).fill(TEXT);
  await guard(page).getByRole("button", { name: "Store it as a key" }).click();
  await expect(page).toHaveURL((url) => url.pathname === "/settings/keys" && url.search === "" && url.hash === "");
  const form = keyForm(page);
  await expect(form.getByLabel("Key", { exact: true })).toHaveValue(KEY);
  await expect(form.getByLabel("Provider").locator("option:checked")).toHaveText("Anthropic");
  expect(await kept(page)).not.toContain("simvalid");
  await form.getByRole("button", { name: "Check and seal" }).click();
  await expect(sealed(page, "9Kd2")).toBeVisible();

  await page.goBack();
  await expect(message(page)).toHaveValue("Why does [key] not work?");
  await expect(guard(page)).toBeHidden();
});

test("the key is taken out of the message", async ({ page }) => {
  await message(page).fill(TEXT);
  await guard(page).getByRole("button", { name: "Take it out" }).click();
  await expect(message(page)).toHaveValue("Why does [key] not work?");
  await expect(message(page)).toBeFocused();
  await expect(guard(page)).toBeHidden();
  await expect(sendButton(page)).toBeEnabled();
});

test("the key is sent only after a second question, and only in this text", async ({ page }) => {
  await message(page).fill(TEXT);
  await guard(page).getByRole("button", { name: "Send anyway…" }).click();
  const question = page.getByRole("dialog", { name: "Send the key along?" });
  await question.getByRole("button", { name: "Do not send" }).click();
  await expect(question).toBeHidden();
  await expect(page.getByRole("article")).toHaveCount(0);
  await guard(page).getByRole("button", { name: "Send anyway…" }).click();
  await question.getByRole("button", { name: "Send with the key" }).click();
  await ended(answer(page));
  await expect(page.getByRole("article", { name: "You" })).toHaveText(TEXT);

  await message(page).fill(`${TEXT} Again`);
  await expect(guard(page)).toBeVisible();
});
