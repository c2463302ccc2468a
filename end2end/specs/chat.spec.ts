/** A conversation: asked, answered, stopped, retried, broken in every way, found again. */

import { expect, memberTest as test } from "../fixtures";
import { Line } from "../line";
import { preferModel, register, storeConversation, storeKey } from "../people";
import {
  answer,
  ask,
  chooseInMenu,
  ended,
  message,
  receiptOf,
  say,
  seen,
  sendButton,
  sidebar,
  stopButton,
  textOf,
  words,
} from "../steps";

const MODEL = "openai/gpt-4o-mini";
/** An answer that takes about four seconds. */
const SLOW = { text: words(80), settings: "delay=50" };

test.beforeEach(async ({ page, server }) => {
  await storeKey(page, server, "sk-proj-simvalid-0123456789-x3Fa");
  await preferModel(page, server, MODEL);
  await page.goto("/");
});

test("a question is answered, gets an address and a line in the sidebar @stored", async ({ page }) => {
  const text = "Toasted.\n\n- outside\n- inside";
  const one = await ask(page, "What is a marshmallow?");
  await expect(message(page)).toHaveValue("");
  await ended(one);
  await expect(textOf(one)).toContainText("You said:\n\n> What is a marshmallow?");
  await expect(page).toHaveURL(/\/c\/[0-9a-f-]{36}$/);
  await expect(page).toHaveTitle("What is a marshmallow? · Marshmallow");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("What is a marshmallow?");

  const two = await ask(page, say(text.split("\n")[0]));
  await ended(two);
  await expect(page.getByRole("article")).toHaveCount(4);
  const line = (await sidebar(page)).getByRole("link", { name: "What is a marshmallow?" });
  await expect(line).toHaveAttribute("aria-current", "page");

  await page.reload();
  await expect(page.getByRole("article", { name: "You" }).first()).toHaveText("What is a marshmallow?");
  await expect(textOf(answer(page))).toHaveText("Toasted.");
  await expect(receiptOf(answer(page))).toContainText("··x3Fa");
});

test("the answer grows while one watches, and the reload in the middle misses nothing @stored", async ({ page }) => {
  const one = await ask(page, say(SLOW.text, SLOW.settings));
  await seen(one, 5);
  await expect(one).toHaveAttribute("aria-busy", "true");
  await expect(stopButton(page)).toBeVisible();
  await seen(one, 15);
  await page.reload();
  await expect(answer(page)).toHaveAttribute("aria-busy", "true");
  await ended(answer(page));
  await expect(textOf(answer(page))).toHaveText(SLOW.text);
  await expect(receiptOf(answer(page))).toContainText("··x3Fa");
});

test("a second window shows the running answer, too @stored", async ({ page, context }) => {
  const one = await ask(page, say(SLOW.text, SLOW.settings));
  await seen(one, 5);
  await expect(page).toHaveURL(/\/c\//);
  const second = await context.newPage();
  await second.goto(page.url());
  await expect(answer(second)).toHaveAttribute("aria-busy", "true");
  for (const window of [page, second]) {
    await ended(answer(window));
    await expect(textOf(answer(window))).toHaveText(SLOW.text);
  }
});

test("leaving for another conversation and coming back finds the answer whole @stored", async ({ page }) => {
  const one = await ask(page, say(SLOW.text, SLOW.settings));
  await seen(one, 5);
  const list = await sidebar(page);
  await list.getByRole("link", { name: "New chat" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("New chat");
  await (await sidebar(page)).getByRole("link", { name: /^#sim/ }).click();
  await ended(answer(page));
  await expect(textOf(answer(page))).toHaveText(SLOW.text);
});

test("an answer is stopped: what was received stays, and a retry answers anew @stored", async ({ page }) => {
  const one = await ask(page, say(words(60), "delay=40"));
  await seen(one, 5);
  await stopButton(page).click();
  await ended(one);
  await expect(one).toContainText("You stopped this answer.");
  const kept = await textOf(one).innerText();
  expect(words(60)).toContain(kept.trim());
  expect(kept.trim()).not.toBe(words(60));
  await expect(receiptOf(one)).toContainText("··x3Fa");
  await page.reload();
  await expect(textOf(answer(page))).toHaveText(kept.trim());

  await answer(page).getByRole("button", { name: "Retry" }).click();
  await expect(answer(page)).toHaveAttribute("aria-busy", "true");
  await ended(answer(page));
  await expect(textOf(answer(page))).toHaveText(words(60));
  await expect(page.getByRole("article")).toHaveCount(2);
});

test("kill -9 in mid-answer: what was shown is kept, marked as interrupted, and can be retried @stored", async ({
  startServer,
  newBrowser,
  watch,
}) => {
  watch.allowLostConnection();
  watch.allowStatus(503);
  const server = await startServer();
  const page = await newBrowser(server);
  await register(page.context(), server);
  await storeKey(page, server, "sk-proj-simvalid-0123456789-x3Fa");
  await page.goto("/");

  const text = words(100);
  const one = await ask(page, say(text, "delay=50"));
  await seen(one, 12);
  const shown = (await textOf(one).innerText()).trim();
  await server.kill();
  await expect(page.getByText("Connection lost, reconnecting…")).toBeVisible();
  await server.restart();

  await ended(one, 40_000);
  await expect(one).toContainText("The server stopped in mid-answer.");
  const kept = (await textOf(one).innerText()).trim();
  expect(kept.startsWith(shown)).toBe(true);
  expect(text.startsWith(kept)).toBe(true);
  await page.reload();
  await expect(textOf(answer(page))).toHaveText(kept);
  await expect(answer(page)).toContainText("The server stopped in mid-answer.");
  await answer(page).getByRole("button", { name: "Retry" }).click();
  await expect(answer(page)).toHaveAttribute("aria-busy", "true");
  await ended(answer(page));
  await expect(textOf(answer(page))).toHaveText(text);
});

test("a lost connection is told and taken up again, without a word missing", async ({ server, newBrowser, watch }) => {
  watch.allowLostConnection();
  const line = await Line.to(server.url);
  const page = await newBrowser(line);
  await register(page.context(), line);
  await storeKey(page, line, "sk-proj-simvalid-0123456789-x3Fa");
  await page.goto("/");

  const one = await ask(page, say(SLOW.text, SLOW.settings));
  await seen(one, 8);
  await line.cut();
  const notice = page.getByText("Connection lost, reconnecting…");
  await expect(notice).toBeVisible();
  await line.mend();
  await ended(one);
  await expect(notice).toBeHidden();
  await expect(textOf(one)).toHaveText(SLOW.text);
  await line.cut();
});

test("a message that cannot leave stays in the field", async ({ page, context, watch }) => {
  watch.allowLostConnection();
  await context.setOffline(true);
  await message(page).fill("Do not lose me");
  await sendButton(page).click();
  const alert = page.getByRole("alert").filter({ hasText: "The server could not be reached." });
  await expect(alert).toContainText("Check your connection and try again.");
  await expect(message(page)).toHaveValue("Do not lose me");
  await context.setOffline(false);
  await sendButton(page).click();
  await ended(answer(page));
  await expect(alert).toHaveCount(0);
  await expect(message(page)).toHaveValue("");
});

test("an error of the provider in mid-answer keeps the text and offers to try again", async ({ page }) => {
  const one = await ask(page, say(words(20), "fail=error@5"));
  await ended(one);
  await expect(textOf(one)).toHaveText("w1 w2 w3 w4 w5");
  await expect(one.getByRole("alert")).toContainText("OpenAI has a fault or is overloaded.");
  await expect(one.getByRole("alert")).toContainText("Try again in a minute, or choose another model.");
  await expect(one.getByRole("button", { name: "Try again" })).toBeVisible();
  await page.reload();
  await expect(textOf(answer(page))).toHaveText("w1 w2 w3 w4 w5");
  await expect(answer(page).getByRole("alert")).toContainText("OpenAI has a fault or is overloaded.");
});

test("answers that end early or at a limit say so", async ({ page }) => {
  const silent = await ask(page, say(words(5), "stop=none"));
  await ended(silent);
  await expect(textOf(silent)).toHaveText(words(5));
  await expect(silent).toContainText("The provider ended this answer without saying that it is whole.");

  const limited = await ask(page, say(words(5), "stop=length"));
  await ended(limited);
  await expect(limited).toContainText("The answer reached the model's output limit and ends here.");

  const cut = await ask(page, say(words(20), "fail=cut@6"));
  await ended(cut);
  await expect(textOf(cut)).toContainText(words(6));
  await expect(cut.getByRole("alert")).toContainText("stopped answering");
});

test("a provider that refuses before the first word is explained", async ({ page }) => {
  const one = await ask(page, "#sim status=529");
  await ended(one);
  await expect(one.getByRole("alert")).toContainText("OpenAI has a fault or is overloaded.");
  await expect(textOf(one)).toHaveCount(0);
  await expect(page.getByRole("article", { name: "You" })).toHaveText("#sim status=529");
});

test("while the first word is awaited, the page says so", async ({ page }) => {
  const one = await ask(page, say("At last.", "first=1500"));
  await expect(one).toContainText("Waiting for the first words…");
  await expect(one).toContainText("··x3Fa");
  await ended(one);
  await expect(textOf(one)).toHaveText("At last.");
});

test("emoji, accents and both writing directions arrive whole, whatever the network does to them", async ({ page }) => {
  const one = await ask(page, "#sim emoji size=1 delay=0");
  await ended(one);
  await expect(textOf(one)).toContainText("Toasted 🍡 family 👩‍👩‍👧‍👦 flag 🇳🇴 skin 👍🏽");
  await expect(textOf(one)).toContainText("Zürich naïve שלום עולם and مرحبا بالعالم mixed 日本語 中文 한국어");
});

test("an empty message cannot be sent", async ({ page }) => {
  await expect(sendButton(page)).toBeDisabled();
  await message(page).fill("  \n ");
  await expect(sendButton(page)).toBeDisabled();
  await message(page).press("Enter");
  await expect(page.getByRole("article")).toHaveCount(0);
  await message(page).fill("Now");
  await expect(sendButton(page)).toBeEnabled();
});

test("a message of 100 kB is refused before it leaves, and stays in the field", async ({ page }) => {
  const long = "marsh ".repeat(17_067);
  await message(page).fill(long);
  await expect(page.getByText(/This message is 36\.0 kB too long\. Shorten it, or send it in parts\./)).toBeVisible();
  await expect(sendButton(page)).toBeDisabled();
  await message(page).press("Enter");
  await expect(page.getByRole("article")).toHaveCount(0);
  expect((await message(page).inputValue()).length).toBe(long.length);
});

test("what was typed before the application had loaded is kept", async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  const loaded = page.goto("/?early");
  await page.waitForURL("/?early", { waitUntil: "commit" });
  await message(page).fill("Typed early");
  release();
  await loaded;
  await expect(message(page)).toHaveValue("Typed early");
  await ended(await ask(page, await message(page).inputValue()));
  await expect(page.getByRole("article", { name: "You" })).toHaveText("Typed early");
});

test("somebody else's conversation and an unreadable address show a clear page", async ({
  page,
  server,
  newBrowser,
  watch,
}) => {
  watch.allowStatus(404);
  const path = await storeConversation(page, server, MODEL, say("Mine alone"));
  const other = await newBrowser();
  await register(other.context(), server);
  for (const address of [path, "/c/01900000-0000-7000-8000-000000000000", "/c/nonsense"]) {
    await other.goto(address);
    await expect(other.getByRole("heading", { name: "This conversation does not exist" })).toBeVisible();
    await expect(other.getByText("Mine alone")).toHaveCount(0);
  }
  await other.getByRole("link", { name: "Start a new chat" }).click();
  await expect(message(other)).toBeVisible();
  await other.goto("/nowhere/at/all");
  await expect(other.getByRole("heading", { name: "There is nothing at this address" })).toBeVisible();
});

test("a conversation is renamed, and deleted after a question @stored", async ({ page, server }) => {
  const path = await storeConversation(page, server, MODEL, "Trip to Oslo");
  await storeConversation(page, server, MODEL, "Trip to Bergen");
  await page.goto(path);
  let list = await sidebar(page);
  await chooseInMenu(list, "Trip to Oslo", "Rename");
  const field = list.getByRole("textbox", { name: "Title of the conversation" });
  await field.fill("  Weekend in Oslo ");
  await field.press("Enter");
  await expect(list.getByRole("link", { name: "Weekend in Oslo" })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, includeHidden: true })).toHaveText("Weekend in Oslo");
  await page.reload();
  list = await sidebar(page);

  await chooseInMenu(list, "Weekend in Oslo", "Delete…");
  const question = page.getByRole("dialog", { name: "Delete this conversation?" });
  await expect(question).toContainText("“Weekend in Oslo” is deleted with all its messages.");
  await question.getByRole("button", { name: "Keep it" }).click();
  await expect(list.getByRole("link", { name: "Weekend in Oslo" })).toBeVisible();
  await chooseInMenu(list, "Weekend in Oslo", "Delete…");
  await question.getByRole("button", { name: "Delete it" }).click();
  await expect(question).toBeHidden();
  await expect(page).toHaveURL("/");
  list = await sidebar(page);
  await expect(list.getByRole("link", { name: "Trip to Bergen" })).toBeVisible();
  await expect(list.getByRole("link", { name: "Weekend in Oslo" })).toHaveCount(0);
});

test("another model is chosen for a retry, and is remembered", async ({ page }) => {
  const one = await ask(page, say("Once more"));
  await ended(one);
  await page.getByRole("button", { name: /^Model:/ }).click();
  await page.getByRole("combobox", { name: "Search models" }).fill("openai/gpt-5-mini");
  await page.getByRole("option").filter({ hasText: "openai/gpt-5-mini" }).click();
  await one.getByRole("button", { name: "Retry with gpt-5-mini" }).click();
  await expect(receiptOf(answer(page))).toContainText("openai/gpt-5-mini");
  await page.goto("/");
  await expect(page.getByRole("button", { name: /^Model: GPT-5 mini/i })).toBeVisible();
});

test("an example fills the field and waits for the person", async ({ page }) => {
  await page.getByRole("button", { name: /^Plan a weekend in Oslo/ }).click();
  await expect(message(page)).toHaveValue(/^Plan a weekend in Oslo/);
  await expect(message(page)).toBeFocused();
  await expect(page.getByRole("article")).toHaveCount(0);
});

test("reasoning stands apart from the answer", async ({ page, server }) => {
  await storeKey(page, server, "sk-ant-api03-simvalid-0123456789-9Kd2");
  const path = await storeConversation(
    page,
    server,
    "anthropic/claude-haiku-4-5-20251001",
    say("The answer.", "reasoning=12"),
  );
  await page.goto(path);
  const one = answer(page);
  await expect(textOf(one)).toHaveText("The answer.");
  await one.getByText("Reasoning", { exact: true }).click();
  await expect(one.getByText(/^First I read the question twice\./)).toBeVisible();
});
