/** Several keys, and who pays when none of them can: never, ask with the price, or automatic. */

import type { Page } from "@playwright/test";
import { expect, memberTest as test } from "../fixtures";
import { storeKey } from "../people";
import { answer, ask, chooseModel, ended, keyRow, receiptOf, say, textOf } from "../steps";

const EMPTY = "sk-proj-simnocredit-0123456789-3mpt";
const VALID = "sk-proj-simvalid-0123456789-x3Fa";
const LIMITED = "sk-proj-simratelimited-0123456789-l1mt";
const MODEL = "openai/gpt-4o-mini";

async function setRule(page: Page, rule: string): Promise<void> {
  await page.goto("/settings/spending");
  await page.getByLabel("Then", { exact: true }).selectOption(rule);
  await page.getByRole("button", { name: "Save the rule" }).click();
  await expect(page.getByText("The rule is saved.")).toBeVisible();
}

test("the next key takes over and says so, and the order is the owner's", async ({ page, server }) => {
  await storeKey(page, server, EMPTY);
  await storeKey(page, server, VALID);
  await page.goto("/");
  await chooseModel(page, MODEL);
  const one = await ask(page, say("Served by the second."));
  await ended(one);
  await expect(one).toContainText("Your OpenAI key ··3mpt could not serve: no credit. Your OpenAI key ··x3Fa took over.");
  await expect(textOf(one)).toHaveText("Served by the second.");
  await receiptOf(one).click();
  await expect(one.getByRole("row", { name: /1\. .*3mpt: no credit/ })).toBeVisible();
  await expect(one.getByRole("row", { name: /2\. .*x3Fa: served/ })).toBeVisible();

  await page.goto("/settings/keys");
  await keyRow(page, "x3Fa").getByRole("button", { name: /^Move .* up$/ }).click();
  await expect(page.getByText(/is now number 1 of 2\./)).toBeAttached();
  await expect(page.getByRole("listitem").filter({ hasText: "…" }).first()).toContainText("…x3Fa");
  await page.reload();
  await expect(page.getByRole("listitem").filter({ hasText: "…" }).first()).toContainText("…x3Fa");
});

test("a budget shows what is left and stops what does not fit", async ({ page, server, watch }) => {
  watch.allowStatus(422);
  await storeKey(page, server, VALID);
  await page.goto("/settings/keys");
  const row = keyRow(page, "x3Fa");
  await row.getByText("Set a spending limit").click();
  await row.getByLabel("Dollars a day").fill("a lot");
  await row.getByRole("button", { name: "Save the limit" }).click();
  await expect(row).toContainText("This is not an amount.");
  await row.getByLabel("Dollars a day").fill("0.000001");
  await row.getByRole("button", { name: "Save the limit" }).click();
  await expect(row.getByRole("meter")).toBeVisible();
  await page.goto("/");
  await chooseModel(page, MODEL);
  const one = await ask(page, say("Too dear."));
  await ended(one);
  await expect(one).toContainText("may cost more than is left of this day's budget of your key ··x3Fa");
});

test.describe("with a platform key", () => {
  test.use({ environment: { MARSHMALLOW_PLATFORM_OPENAI_KEY: "sk-proj-simvalid-platform-0000" } });

  test("a question with prices survives a reload, and the choice goes on", async ({ page, server }) => {
    await storeKey(page, server, EMPTY);
    await storeKey(page, server, LIMITED);
    await setRule(page, "ask");
    await page.goto("/");
    await chooseModel(page, MODEL);
    await ask(page, say("The platform toasts."));
    const question = page.getByRole("region", { name: "Who pays for this answer?" });
    await expect(question.getByRole("button", { name: "Wait for it" })).toBeVisible();
    await expect(question).toContainText(/about \$0\.\d+, at most \$0\.\d+/);
    await page.reload();
    await question.getByRole("button", { name: "Let the platform pay" }).click();
    const one = answer(page);
    await ended(one);
    await expect(textOf(one)).toHaveText("The platform toasts.");
    await expect(receiptOf(one)).toContainText("Platform");
  });

  test("never is a clear stop", async ({ page, server }) => {
    await storeKey(page, server, EMPTY);
    await setRule(page, "never");
    await page.goto("/");
    await chooseModel(page, MODEL);
    const one = await ask(page, say("Nobody says this."));
    await ended(one);
    await expect(one).toContainText("has no credit left");
    await expect(one).toContainText("Nobody else pays for your chats");
  });

  test("automatic is announced and stands on the receipt", async ({ page, server }) => {
    await storeKey(page, server, EMPTY);
    await setRule(page, "automatic");
    await page.goto("/");
    await chooseModel(page, MODEL);
    const one = await ask(page, say("The platform toasts."));
    await ended(one);
    await expect(one).toContainText("The platform's OpenAI key took over.");
    await expect(receiptOf(one)).toContainText("Platform");
  });
});
