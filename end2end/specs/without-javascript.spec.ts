/** What works before, and without, any script: coming in, adding a key, reading. */

import { expect, memberTest, test } from "../fixtures";
import { register, somebody, storeConversation, storeKey } from "../people";
import { bell, keyForm, keyRow, say, sendKey, signIn, signUp } from "../steps";

test.use({ javaScriptEnabled: false });
memberTest.use({ javaScriptEnabled: false });

test("somebody registers, and signs in later", async ({ page, context }) => {
  const ana = somebody();
  await page.goto("/register");
  await signUp(page, ana);
  await expect(page).toHaveURL("/");
  await expect(page.getByRole("heading", { name: "Ask anything, with your own keys" })).toBeVisible();

  await context.clearCookies();
  await page.goto("/");
  await expect(page).toHaveURL("/sign-in");
  await signIn(page, ana);
  await expect(page).toHaveURL("/");
});

test("a wrong password is told", async ({ page, newBrowser, server }) => {
  const ana = await register((await newBrowser()).context(), server);
  await page.goto("/sign-in");
  await signIn(page, ana, "not the right password");
  const alert = page.getByRole("alert").filter({ hasText: "E-mail address and password do not fit together." });
  await expect(alert).toContainText("Check both and try again.");
  await expect(page).toHaveURL(/\/sign-in/);
  expect(page.url()).not.toContain("password=");
});

memberTest("a key is added by a plain form and stands in the list, and not in the address", async ({ page }) => {
  const key = "sk-proj-simvalid-0123456789-x3Fa";
  await page.goto("/settings/keys");
  await sendKey(keyForm(page), key, "Work");
  await expect(page).toHaveURL(/\/settings\/keys/);
  await expect(keyRow(page, "x3Fa")).toContainText("Work");
  expect(page.url()).not.toContain(key);
  expect(await page.content()).not.toContain(key);
});

memberTest("a refused key is told on the same page, and not in the address", async ({ page }) => {
  const key = "sk-proj-nobody-knows-this-one";
  await page.goto("/settings/keys");
  await sendKey(keyForm(page), key);
  await expect(page.getByRole("alert").filter({ hasText: "OpenAI does not accept this key." })).toBeVisible();
  expect(page.url()).not.toContain(key);
  expect(await page.content()).not.toContain(key);
});

memberTest("a conversation can be read, and its receipt opened", async ({ page, server }) => {
  await storeKey(page, server, "sk-proj-simvalid-0123456789-x3Fa");
  const path = await storeConversation(page, server, "openai/gpt-4o-mini", say("Read me without scripts."));
  await page.goto(path);
  const answer = page.getByRole("article", { name: "Answer" });
  await expect(answer).toContainText("Read me without scripts.");
  await answer.getByText("Receipt:").locator("..").click();
  await expect(answer.getByRole("row", { name: /^Paid with/ })).toContainText("Your key ··x3Fa, OpenAI");
});

memberTest("the bell counts, and leads to the list of what needs attention", async ({ page, server }) => {
  await storeKey(page, server, "sk-ant-api03-simspendcap-0123456789-c4pd");
  await page.goto("/");
  await expect(bell(page)).toHaveAccessibleName("Notices: 1 needs your attention");
  await bell(page).click();
  await expect(page).toHaveURL("/settings/keys#notices");
  const list = page.getByRole("list", { name: "What needs your attention" });
  await expect(list).toContainText("A spend limit of your account at Anthropic is reached.");
  await list.getByRole("link", { name: "Go to the key" }).click();
  await expect(page).toHaveURL(/#key-/);
  await expect(keyRow(page, "c4pd")).toBeInViewport();
});

memberTest("all settings can be read", async ({ page }) => {
  for (const [path, heading] of [
    ["/settings/keys", "Paste a key"],
    ["/settings/account", "Signed-in browsers"],
  ]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: heading })).toBeVisible();
  }
  await page.goto("/settings/models");
  await expect(page.getByText("Prices for a million tokens")).toBeVisible();
});

memberTest("keys are exported by a plain form, and a refusal is told on the same page", async ({
  page,
  server,
  member,
}) => {
  await storeKey(page, server, "sk-proj-simvalid-0123456789-x3Fa");
  await page.goto("/settings/keys");
  await page.getByText("Export or import keys").click();
  const send = async (password: string) => {
    await page.getByLabel("Passphrase for the file").fill("four toasted paper boats");
    await page.getByLabel("Passphrase again").fill("four toasted paper boats");
    await page.getByLabel("Your account's password").fill(password);
    await page.getByRole("button", { name: "Export", exact: true }).click();
  };
  await send("not the right password");
  await expect(page.getByRole("alert").filter({ hasText: "The current password is not right." })).toBeVisible();
  expect(page.url()).not.toContain("toasted");
  const download = page.waitForEvent("download");
  await send(member.password);
  expect((await download).suggestedFilename()).toMatch(/\.mmkeys$/);
});
