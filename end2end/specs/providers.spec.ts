/** Keys of every provider: added, used, refused, looked after; and never shown again. */

import type { Page } from "@playwright/test";
import { expect, memberTest as test } from "../fixtures";
import { call, storeConversation, storeKey } from "../people";
import {
  answer,
  ask,
  chooseModel,
  describeEndpoint,
  ended,
  keyForm,
  keyRow,
  message,
  providerCard,
  receiptOf,
  say,
  sealed,
  sendKey,
  textOf,
} from "../steps";

const PROVIDERS = [
  {
    provider: "OpenAI",
    key: "sk-proj-simvalid-0123456789-x3Fa",
    hint: "an OpenAI",
    search: "openai/gpt-4o-mini",
    cost: /\$0\.\d+/,
  },
  {
    provider: "Anthropic",
    key: "sk-ant-api03-simvalid-0123456789-9Kd2",
    hint: "an Anthropic",
    search: "anthropic/claude-haiku-4-5",
    cost: /\$0\.\d+/,
  },
  {
    provider: "Google AI",
    key: "AQ.simvalid-0123456789-Qz77",
    hint: "a Google AI",
    search: "google/gemini-2.5-flash-lite",
    cost: /\$0\.\d+/,
  },
  {
    provider: "OpenRouter",
    key: "sk-or-v1-simvalid-0123456789-b4c5",
    hint: "an OpenRouter",
    search: "openrouter/openai/gpt-4o-mini",
    cost: /\$0\.\d+/,
  },
];

/** Neither the page nor what the browser keeps of it holds the key. */
async function expectNoTrace(page: Page, key: string): Promise<void> {
  const kept = await page.evaluate(() =>
    JSON.stringify([
      document.documentElement.outerHTML,
      [...document.querySelectorAll("input, textarea, select")].map((field) => (field as HTMLInputElement).value),
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      location.href,
      history.state,
    ]),
  );
  expect(kept).not.toContain(key);
}

for (const { provider, key, hint, search, cost } of PROVIDERS) {
  test(`a key of ${provider} is recognised, checked, sealed and used`, async ({ page }) => {
    const lastFour = key.slice(-4);
    await page.goto("/settings/keys");
    const form = keyForm(page);
    await form.getByLabel("Key", { exact: true }).fill(key);
    await expect(form.getByText(`Looks like ${hint} key.`)).toBeVisible();
    await expect(form.getByLabel("Provider")).toHaveValue(/./);
    await expect(form.getByLabel("Provider").locator("option:checked")).toHaveText(provider);
    await form.getByLabel("Label (optional)").fill("Work");
    await form.getByRole("button", { name: "Check and seal" }).click();
    await expect(form.getByLabel("Key", { exact: true })).toHaveValue("");

    await expect(sealed(page, lastFour)).toBeVisible();
    const row = providerCard(page, provider)
      .getByRole("listitem")
      .filter({ hasText: `…${lastFour}` });
    await expect(row).toContainText("Work");
    await expect(row.getByText("Valid", { exact: true })).toBeVisible();
    await expect(row).toContainText("never used");
    await expect(row).toContainText("checked just now");
    await expect(row.getByRole("button", { name: /^Can call \d+ models?/ })).toBeVisible();
    await expectNoTrace(page, key);

    await page.goto("/");
    await chooseModel(page, search);
    const one = await ask(page, say("Toasted on your own key."));
    await ended(one);
    await expect(textOf(one)).toHaveText("Toasted on your own key.");
    await expect(receiptOf(one)).toContainText(new RegExp(`Your key · Work\\s*··${lastFour}`));
    await expect(receiptOf(one)).toContainText(search);
    await expect(receiptOf(one)).toContainText(cost);
    await receiptOf(one).click();
    await expect(one.getByRole("row", { name: /^Paid with/ })).toContainText(
      `Your key · Work ··${lastFour}, ${provider}`,
    );
    await expect(one.getByRole("row", { name: /^Output/ })).toContainText(/\d+ tokens/);
    await expectNoTrace(page, key);

    await page.goto("/settings/keys");
    await expect(row).toContainText("used just now");
    await expectNoTrace(page, key);
  });
}

test("a custom endpoint is added with its address and name, and its price is unknown", async ({ page, simulator }) => {
  await page.goto("/settings/keys");
  const form = keyForm(page);
  await describeEndpoint(form, simulator.customUrl, "workshop");
  await sendKey(form, "my-valid-key-of-the-workshop-7Tn1");
  await expect(sealed(page, "7Tn1")).toBeVisible();
  await expect(keyRow(page, "7Tn1")).toContainText(`workshop at ${simulator.customUrl}`);

  await page.goto("/");
  await chooseModel(page, "workshop/sim-small");
  const one = await ask(page, say("Toasted in the workshop."));
  await ended(one);
  await expect(textOf(one)).toHaveText("Toasted in the workshop.");
  await expect(receiptOf(one)).toContainText(/Your key\s*··7Tn1/);
  await expect(receiptOf(one)).toContainText("price unknown");
});

test("an OpenRouter key serves the models of other providers, and the receipt says so", async ({ page, server }) => {
  await storeKey(page, server, "sk-or-v1-simvalid-0123456789-b4c5");
  const question = say("Toasted by way of OpenRouter.");
  await page.goto(await storeConversation(page, server, "anthropic/claude-sonnet-4-5", question));
  const one = answer(page);
  await expect(textOf(one)).toHaveText("Toasted by way of OpenRouter.");
  await expect(receiptOf(one)).toContainText(/Your OpenRouter key\s*··b4c5/);
  await expect(receiptOf(one)).toContainText("anthropic/claude-sonnet-4-5");
  await expect(receiptOf(one)).toContainText(/\$0\.\d+/);
});

test.describe("with a platform key", () => {
  test.use({ environment: { MARSHMALLOW_PLATFORM_OPENAI_KEY: "sk-proj-simvalid-platform-0000" } });

  test("somebody without a key is served by the platform", async ({ page }) => {
    await page.goto("/");
    await expect(page.getByText(/free to use without a key of your own/)).toBeVisible();
    await chooseModel(page, "openai/gpt-4o-mini");
    const one = await ask(page, say("The platform toasts."));
    await ended(one);
    await expect(textOf(one)).toHaveText("The platform toasts.");
    await expect(receiptOf(one)).toContainText("Platform");
  });

  test("an exhausted key gives way to the platform's, and the conversation says so", async ({ page, server }) => {
    await storeKey(page, server, "sk-proj-simnocredit-0123456789-x3Fa");
    await call(page.context(), server, "fallback/set_rule", { policy: "automatic" });
    await page.goto("/");
    await chooseModel(page, "openai/gpt-4o-mini");
    const one = await ask(page, say("The platform toasts."));
    await ended(one);
    const notice = "Your OpenAI key ··x3Fa could not serve: no credit. The platform's OpenAI key took over.";
    await expect(one.getByText(notice)).toBeVisible();
    await expect(textOf(one)).toHaveText("The platform toasts.");
    await expect(receiptOf(one)).toContainText("Platform");
    await page.reload();
    await expect(answer(page).getByText(notice)).toBeVisible();
  });
});

test("without a platform key, an exhausted key says what to do, and the question stays", async ({ page, server }) => {
  await storeKey(page, server, "sk-proj-simnocredit-0123456789-x3Fa");
  await page.goto("/");
  await chooseModel(page, "openai/gpt-4o-mini");
  const one = await ask(page, "Who pays for this?");
  await ended(one);
  const alert = one.getByRole("alert");
  await expect(alert).toContainText("Your account at OpenAI has no credit left.");
  await expect(alert).toContainText("Add credit at OpenAI, or choose another model.");
  await expect(alert.getByRole("link", { name: "Go to API keys" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("article", { name: "You" })).toHaveText("Who pays for this?");
});

const STORED = [
  { key: "sk-proj-simrestricted-0123456789-r3st", badge: "Valid, restricted", advice: "its permissions are limited" },
  { key: "sk-proj-simratelimited-0123456789-l1mt", badge: "Rate limited", advice: "Wait a little and try again." },
  { key: "sk-proj-simdown500-0123456789-d0wn", badge: "Provider has a fault", advice: "Try again in a minute" },
];

for (const { key, badge, advice } of STORED) {
  test(`a key that proves nothing is kept and explained: ${badge}`, async ({ page }) => {
    await page.goto("/settings/keys");
    await sendKey(keyForm(page), key);
    const row = keyRow(page, key.slice(-4));
    await expect(row.getByText(badge, { exact: true })).toBeVisible();
    await expect(row).toContainText(advice);
    await expectNoTrace(page, key);
  });
}

const REFUSED = [
  {
    what: "an invalid key",
    key: "sk-proj-nobody-knows-this-one",
    says: "OpenAI does not accept this key. It was not stored.",
    next: "Copy the key again",
  },
  {
    what: "an expired key",
    key: "sk-ant-api03-simexpired-0123456789",
    says: "Anthropic says that this key has expired.",
    next: "Make a new key",
  },
  {
    what: "an admin key",
    key: "sk-admin-simvalid-0123456789",
    says: "This is an administration key of OpenAI. It cannot chat.",
    next: "Make a key for the API",
  },
  {
    what: "a key with a space",
    key: "sk-proj-simvalid 0123456789",
    says: "The key has a space or a line break inside.",
    next: "Copy the key again, in one piece",
  },
  {
    what: "a key of a service that is not in the list",
    key: "gsk_simvalid0123456789",
    says: "This is not an address of a server.",
    next: "http://host:port/v1",
  },
  {
    what: "a key of nobody",
    key: "who-knows-whose-key",
    says: "It is not clear which provider this key belongs to.",
    next: "Choose the provider",
  },
];

for (const { what, key, says, next } of REFUSED) {
  test(`${what} is refused with the next step, and nothing else is lost`, async ({ page, watch }) => {
    watch.allowStatus(422);
    await page.goto("/settings/keys");
    const form = keyForm(page);
    await form.getByLabel("Label (optional)").fill("Work");
    await form.getByLabel("Key", { exact: true }).fill(key);
    // A browser would ask for the address first; here the server has to say what is wrong.
    await form.evaluate((element: HTMLFormElement) => (element.noValidate = true));
    await form.getByRole("button", { name: "Check and seal" }).click();
    const alert = form.getByRole("alert");
    await expect(alert).toContainText(says);
    await expect(alert).toContainText(next);
    await expect(form.getByLabel("Label (optional)")).toHaveValue("Work");
    await expect(form.getByLabel("Key", { exact: true })).toHaveValue("");
    await expect(page.getByRole("button", { name: /^Check .* now$/ })).toHaveCount(0);
    await expectNoTrace(page, key);
  });
}

test("a key in the wrong card is named, and one click puts it where it belongs", async ({ page, watch }) => {
  watch.allowStatus(422);
  await page.goto("/settings/keys");
  const card = providerCard(page, "OpenAI");
  await card.getByText("Add a key").click();
  const key = "sk-ant-api03-simvalid-0123456789-9Kd2";
  await sendKey(card, key);
  await expect(card.getByRole("alert")).toContainText("This looks like a key of Anthropic, not of the provider that you chose.");
  await expect(card.getByRole("alert")).toContainText("Add it under Anthropic");

  await card.getByLabel("Key", { exact: true }).fill(key);
  await expect(card.getByText("Looks like an Anthropic key.")).toBeVisible();
  await card.getByRole("button", { name: "Add it to Anthropic" }).click();
  await card.getByRole("button", { name: "Check and seal" }).click();
  await expect(providerCard(page, "Anthropic").getByRole("listitem")).toContainText("…9Kd2");
});

test("a key that is stored already is not stored twice", async ({ page, server, watch }) => {
  watch.allowStatus(409);
  const key = "sk-proj-simvalid-0123456789-x3Fa";
  await storeKey(page, server, key);
  await page.goto("/settings/keys");
  await sendKey(keyForm(page), ` ${key} `);
  await expect(keyForm(page).getByRole("alert")).toContainText("You have stored this key already.");
  await expect(keyForm(page).getByRole("alert")).toContainText("the last four characters are shown there");
  await expect(keyRow(page, "x3Fa")).toHaveCount(1);
});

test("a custom endpoint on a host that is not allowed, and one that is not there, are explained", async ({
  page,
  watch,
}) => {
  watch.allowStatus(422);
  await page.goto("/settings/keys");
  const form = keyForm(page);
  await describeEndpoint(form, "http://127.0.0.1:9/v1", "nowhere");
  await sendKey(form, "a-key-for-nowhere");
  await expect(form.getByRole("alert")).toContainText(
    "This address is not allowed by the administrator of this server.",
  );
  await expect(form.getByRole("alert")).toContainText("Ask your administrator to allow this host.");
  await expect(form.getByLabel("Base URL")).toHaveValue("http://127.0.0.1:9/v1");
  await expect(form.getByLabel("Short name")).toHaveValue("nowhere");
});

test("a key is switched off and on, checked again, and removed after a question @stored", async ({ page, server }) => {
  await storeKey(page, server, "sk-proj-simvalid-0123456789-x3Fa");
  await page.goto("/settings/keys");
  const row = keyRow(page, "x3Fa");
  const toggle = row.getByRole("switch", { name: "Use Unnamed key for chats" });

  await toggle.click();
  await expect(toggle).toHaveAttribute("aria-checked", "false");
  await expect(row).toContainText("switched off");
  await page.goto("/");
  await expect(page.getByText("Add a key of a provider to begin.")).toBeVisible();

  await page.goto("/settings/keys");
  await toggle.click();
  await expect(toggle).toHaveAttribute("aria-checked", "true");
  await row.getByRole("button", { name: "Check Unnamed key now" }).click();
  await expect(row.getByText("Valid", { exact: true })).toBeVisible();

  await row.getByRole("button", { name: "Remove Unnamed key" }).click();
  const question = page.getByRole("dialog", { name: "Remove Unnamed key?" });
  await expect(question).toContainText("OpenAI …x3Fa");
  await question.getByRole("button", { name: "Keep it" }).click();
  await expect(question).toBeHidden();
  await expect(row).toBeVisible();

  await row.getByRole("button", { name: "Remove Unnamed key" }).click();
  await question.getByRole("button", { name: "Remove key" }).click();
  await expect(page.getByText("The key is removed.")).toBeVisible();
  await expect(row).toHaveCount(0);
  await page.reload();
  await expect(row).toHaveCount(0);
});

test("two keys of one provider: the oldest that is on pays, and its label says which one that is", async ({ page }) => {
  await page.goto("/settings/keys");
  await sendKey(keyForm(page), "sk-proj-simvalid-work-0123456789-x3Fa", "Work");
  await expect(sealed(page, "x3Fa")).toBeVisible();
  await sendKey(keyForm(page), "sk-proj-simvalid-home-0123456789-9Kd2", "Home");
  await expect(sealed(page, "9Kd2")).toBeVisible();
  await expect(providerCard(page, "OpenAI").getByText("2 keys")).toBeVisible();

  await page.goto("/");
  await chooseModel(page, "openai/gpt-4o-mini");
  await ended(await ask(page, say("One")));
  await expect(receiptOf(answer(page))).toContainText("Work");
  await page.goto("/settings/keys");
  await keyRow(page, "x3Fa").getByRole("switch").click();
  await expect(keyRow(page, "x3Fa")).toContainText("switched off");
  await page.goto("/");
  await expect(message(page)).toBeVisible();
  await ended(await ask(page, say("Two")));
  await expect(receiptOf(answer(page))).toContainText("Home");
});
