/** The promise of the first minute: register, ask a real language model, watch it write, with and without a key. */

import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { somebody } from "../people";
import {
  answer,
  arriveAtChat,
  ask,
  chooseModel,
  describeEndpoint,
  ended,
  keyForm,
  keyRow,
  receiptOf,
  sealed,
  sendKey,
  signUp,
  stopButton,
  textOf,
} from "../steps";

const url = process.env.MARSHMALLOW_E2E_LOCAL_MODEL_URL;
const key = process.env.MARSHMALLOW_E2E_LOCAL_MODEL_KEY ?? "";
const model = process.env.MARSHMALLOW_E2E_LOCAL_MODEL_MODEL ?? "";
/** It computes on one core, and somebody else may need that core, too. */
const PATIENCE = 120_000;
const LONG = "Write a long story about a lighthouse keeper, his dog and a storm. Use at least five paragraphs.";

test.skip(!url, "no local model runs: it needs Python 3, see the line about it above");
test.describe.configure({ timeout: 240_000 });

/** Waits until the answer holds more text than `before`; gives what it holds then. */
async function grown(page: Page, before = ""): Promise<string> {
  await expect
    .poll(async () => (await textOf(answer(page)).innerText()).length, { timeout: PATIENCE })
    .toBeGreaterThan(before.length);
  return textOf(answer(page)).innerText();
}

test("the first person asks the platform's model, stops it, reloads in the middle, retries", async ({
  startServer,
  newBrowser,
}) => {
  const server = await startServer({
    MARSHMALLOW_PLATFORM_CUSTOM_URL: url ?? "",
    MARSHMALLOW_PLATFORM_CUSTOM_KEY: key,
    MARSHMALLOW_PLATFORM_CUSTOM_NAME: "local",
    MARSHMALLOW_ALLOW_HOSTS: new URL(url ?? "").host,
  });
  const page = await newBrowser(server);
  await page.goto("/register");
  await signUp(page, somebody());
  await arriveAtChat(page);
  await expect(page.getByText("1 model is free to use without a key of your own: the platform pays.")).toBeVisible();

  // Asked, watched, read to the end.
  await ask(page, "What is the capital of France? Answer in one sentence.");
  await grown(page);
  await ended(answer(page), PATIENCE);
  await expect(receiptOf(answer(page))).toContainText("Platform");
  await expect(receiptOf(answer(page))).toContainText(`local/${model}`);
  await expect(receiptOf(answer(page))).toContainText("price unknown");

  // Stopped in the middle.
  await ask(page, LONG);
  await grown(page, await grown(page));
  await stopButton(page).click();
  await ended(answer(page));
  await expect(answer(page)).toContainText("You stopped this answer.");
  const stopped = (await textOf(answer(page)).innerText()).trim();
  expect(stopped).not.toBe("");

  // Retried, reloaded in the middle, and it goes on. A small model may find no end of a long story, so it is stopped.
  await answer(page).getByRole("button", { name: "Retry" }).click();
  await expect(answer(page)).toHaveAttribute("aria-busy", "true");
  const seen = await grown(page);
  await page.reload();
  await expect(answer(page)).toHaveAttribute("aria-busy", "true");
  await grown(page, seen);
  await stopButton(page).click();
  await ended(answer(page));
  const whole = await textOf(answer(page)).innerText();
  expect(whole.startsWith(seen.trim())).toBe(true);
  await page.reload();
  await expect(textOf(answer(page))).toHaveText(whole);
});

test("one's own key of the same model's server: a wrong one is refused, the right one pays", async ({
  startServer,
  newBrowser,
  watch,
}) => {
  watch.allowStatus(422);
  const server = await startServer({ MARSHMALLOW_ALLOW_HOSTS: new URL(url ?? "").host });
  const page = await newBrowser(server);
  await page.goto("/register");
  await signUp(page, somebody());
  await arriveAtChat(page);

  await page.goto("/settings/keys");
  const form = keyForm(page);
  await describeEndpoint(form, url ?? "", "mine");
  await sendKey(form, "not-the-key-of-this-server");
  await expect(form.getByRole("alert")).toContainText("does not accept this key. It was not stored.");
  await expect(form.getByLabel("Base URL")).toHaveValue(url ?? "");

  await sendKey(form, key);
  const lastFour = key.slice(-4);
  await expect(sealed(page, lastFour)).toBeVisible();
  await expect(keyRow(page, lastFour).getByText("Valid", { exact: true })).toBeVisible();

  await page.goto("/");
  await chooseModel(page, `mine/${model}`);
  await ask(page, "Say hello in one short sentence.");
  await grown(page);
  await ended(answer(page), PATIENCE);
  await expect(receiptOf(answer(page))).toContainText(new RegExp(`Your key\\s*··${lastFour}`));
  await expect(receiptOf(answer(page))).toContainText(`mine/${model}`);
});
