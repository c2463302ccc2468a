/** Everything taken away at once: all of one's keys in an emergency, and one's account. */

import { expect, memberTest, test } from "../fixtures";
import { register, somebody, storeConversation, storeKey } from "../people";
import { arriveAtChat, ask, ended, keyRow, say, seen, signIn, signUp, words } from "../steps";

const OPENAI = "sk-proj-simvalid-0123456789-em01";
const ANTHROPIC = "sk-ant-api03-simvalid-0123456789-em02";
const MODEL = "openai/gpt-4o-mini";

memberTest("all keys are switched off at once; their last uses and revocation pages are shown", async ({
  page,
  server,
}) => {
  await storeKey(page, server, OPENAI);
  await storeKey(page, server, ANTHROPIC);
  await storeConversation(page, server, MODEL, say("Used once"));

  await page.goto("/settings/keys");
  await page.getByRole("button", { name: "Take all keys away" }).click();
  const dialog = page.getByRole("dialog", { name: "Take all your keys away?" });
  await expect(dialog).toContainText("no key of yours serves a chat any more");
  await dialog.getByRole("button", { name: "Leave them" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("switched off", { exact: true })).toHaveCount(0);

  await page.getByRole("button", { name: "Take all keys away" }).click();
  await dialog.getByRole("button", { name: "Switch all off" }).click();
  await expect(page.getByText("Your 2 keys are switched off")).toBeVisible();
  const report = page.locator("section").filter({ has: page.getByRole("heading", { name: "Emergency" }) });
  await expect(report.getByRole("listitem").filter({ hasText: "…em01" })).toContainText("last used");
  await expect(report.getByRole("listitem").filter({ hasText: "…em02" })).toContainText("never used here");
  await expect(report.getByRole("link", { name: "Revoke it at OpenAI" })).toHaveAttribute(
    "href",
    "https://platform.openai.com/api-keys",
  );
  await expect(page.getByText("switched off", { exact: true })).toHaveCount(2);
});

test("removing all keys stops the answer that is being written, and leaves no key", async ({
  page,
  me,
  server,
  newBrowser,
}) => {
  await storeKey(page, server, OPENAI);
  await page.goto("/");
  const running = await ask(page, say(words(3_000), "delay=20"));
  await seen(running, 3);

  const elsewhere = await newBrowser(server);
  await elsewhere.goto("/sign-in");
  await signIn(elsewhere, me);
  await arriveAtChat(elsewhere);
  await elsewhere.goto("/settings/keys");
  await elsewhere.getByRole("button", { name: "Take all keys away" }).click();
  await elsewhere
    .getByRole("dialog", { name: "Take all your keys away?" })
    .getByRole("button", { name: "Remove all" })
    .click();
  await expect(elsewhere.getByText("Your key is removed from this server")).toBeVisible();
  await ended(running);

  await elsewhere.reload();
  await expect(keyRow(elsewhere, "em01")).toHaveCount(0);
  await expect(elsewhere.getByRole("heading", { name: "Emergency" })).toHaveCount(0);
});

test("an account is deleted with its password, and its address is free again", async ({
  startServer,
  newBrowser,
  watch,
}) => {
  watch.allowStatus(401);
  const server = await startServer();
  await register((await newBrowser(server)).context(), server);
  const page = await newBrowser(server);
  const ben = await register(page.context(), server, somebody("Ben"));
  await storeKey(page, server, OPENAI);
  await storeConversation(page, server, MODEL, say("To be forgotten"));

  await page.goto("/settings/account");
  await page.getByLabel("Your password").fill("not the right password");
  await page.getByRole("button", { name: "Delete my account" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "The current password is not right." })).toBeVisible();

  await page.getByLabel("Your password").fill(ben.password);
  await page.getByRole("button", { name: "Delete my account" }).click();
  await expect(page).toHaveURL("/sign-in");
  await signIn(page, ben);
  await expect(page.getByRole("alert").filter({ hasText: "do not fit together" })).toBeVisible();

  await page.goto("/register");
  await signUp(page, ben);
  await arriveAtChat(page);
  await expect(page.getByText("To be forgotten")).toHaveCount(0);
});

test("the only administrator cannot leave, and is told why", async ({ startServer, newBrowser, watch }) => {
  watch.allowStatus(403);
  const server = await startServer();
  const page = await newBrowser(server);
  const ana = await register(page.context(), server);
  await page.goto("/settings/account");
  await page.getByLabel("Your password").fill(ana.password);
  await page.getByRole("button", { name: "Delete my account" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "You are the only administrator" })).toBeVisible();
});
