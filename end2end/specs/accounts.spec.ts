/** People come, go, change their password and look after their browsers; administrators decide who may come. */

import { expect, test } from "../fixtures";
import { register, somebody } from "../people";
import { arriveAtChat, message, sidebar, signIn, signUp } from "../steps";

test("the first person registers, becomes the administrator and lands in the chat", async ({
  startServer,
  newBrowser,
}) => {
  const page = await newBrowser(await startServer());
  const ana = somebody();

  await page.goto("/");
  await expect(page).toHaveURL("/sign-in");
  await page.getByRole("link", { name: "Create one" }).click();
  await expect(page.getByText("You are the first one here")).toBeVisible();
  await signUp(page, ana);
  await arriveAtChat(page);
  await expect((await sidebar(page)).getByRole("link", { name: `Settings of ${ana.name}` })).toBeVisible();

  await page.goto("/settings/account");
  await expect(page.getByRole("heading", { name: ana.name })).toContainText("Administrator");
  await expect(page.getByText(ana.email)).toBeVisible();
});

test("a later person is a member and sees no invitations", async ({ startServer, newBrowser }) => {
  const server = await startServer();
  await register((await newBrowser(server)).context(), server);
  const page = await newBrowser(server);
  const ben = somebody("Ben Ødegård");

  await page.goto("/register");
  await signUp(page, ben);
  await arriveAtChat(page);
  await page.goto("/settings/account");
  await expect(page.getByRole("heading", { name: ben.name })).toContainText("Member");
  await expect(page.getByRole("link", { name: "Invitations" })).toHaveCount(0);
});

test("signing out closes the door, signing in opens it", async ({ page, me }) => {
  await page.goto("/settings/account");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page).toHaveURL("/sign-in");
  await page.goto("/settings/keys");
  await expect(page).toHaveURL("/sign-in");

  await signIn(page, me);
  await arriveAtChat(page);
});

test("a wrong password and an unknown account get the same answer, and the address stays", async ({
  page,
  me,
  watch,
}) => {
  watch.allowStatus(401);
  await page.context().clearCookies();
  const refusal = page.getByRole("alert").filter({ hasText: "E-mail address and password do not fit together." });

  await page.goto("/sign-in");
  await signIn(page, me, "not the right password");
  await expect(refusal).toContainText("Check both and try again.");
  await expect(page.getByLabel("E-mail")).toHaveValue(me.email);

  await page.reload();
  await signIn(page, somebody());
  await expect(refusal).toContainText("Check both and try again.");
});

test("too many wrong passwords make one wait", async ({ startServer, newBrowser, watch }) => {
  watch.allowStatus(401, 429);
  const server = await startServer();
  const page = await newBrowser(server);
  const ana = await register((await newBrowser(server)).context(), server);

  await page.goto("/sign-in");
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const form = { email: ana.email, password: `wrong ${attempt}` };
    await page.request.post("/api/accounts/sign_in", {
      form,
      headers: { Origin: server.url, Accept: "application/json" },
    });
  }
  await signIn(page, ana);
  await expect(page.getByRole("alert").filter({ hasText: "There were too many attempts." })).toContainText(
    "Wait a minute",
  );
});

test("a weak password is refused with what to do, and nothing typed is lost", async ({ page, watch }) => {
  watch.allowStatus(422);
  const ana = { ...somebody(), password: "aaaaaaaaaaaaaaaa" };
  await page.goto("/register");
  await signUp(page, ana);
  await expect(page.getByRole("alert").filter({ hasText: "too easy to guess" })).toContainText(
    "nothing to do with your name",
  );
  await expect(page.getByLabel("Name")).toHaveValue(ana.name);
  await expect(page.getByLabel("E-mail")).toHaveValue(ana.email);
});

test("an address that is taken is refused without saying so", async ({ page, me, watch }) => {
  watch.allowStatus(403);
  await page.context().clearCookies();
  await page.goto("/register");
  await signUp(page, me);
  await expect(page.getByRole("alert").filter({ hasText: "This account could not be made." })).toBeVisible();
});

test("a new password signs the other browsers out and replaces the old one", async ({
  page,
  me,
  newBrowser,
  watch,
}) => {
  watch.allowStatus(401);
  const other = await newBrowser();
  await other.goto("/sign-in");
  await signIn(other, me);
  await arriveAtChat(other);

  const fresh = "four toasted marshmallows";
  await page.goto("/settings/account");
  await page.getByLabel("Present password").fill("not the right password");
  await page.getByLabel("New password").fill(fresh);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "The current password is not right." })).toBeVisible();

  await page.getByLabel("Present password").fill(me.password);
  await page.getByLabel("New password").fill(fresh);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password is changed")).toBeVisible();

  await other.goto("/");
  await expect(other).toHaveURL("/sign-in");
  await signIn(other, me);
  await expect(other.getByText("do not fit together")).toBeVisible();
  await signIn(other, me, fresh);
  await arriveAtChat(other);
});

test("one sees one's browsers, signs out one of them, then all the others", async ({ page, me, newBrowser, watch }) => {
  watch.allowStatus(401);
  const others = [await newBrowser(), await newBrowser()];
  for (const other of others) {
    await other.goto("/sign-in");
    await signIn(other, me);
    await arriveAtChat(other);
  }

  await page.goto("/settings/account");
  const card = page.locator("section").filter({ has: page.getByRole("heading", { name: "Signed-in browsers" }) });
  await expect(card.getByRole("listitem")).toHaveCount(3);
  await expect(card.getByText("This browser")).toHaveCount(1);
  await card
    .getByRole("button", { name: /^Sign out Chrom/ })
    .first()
    .click();
  await expect(card.getByRole("listitem")).toHaveCount(2);
  await card.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(card.getByRole("listitem")).toHaveCount(1);

  for (const other of others) {
    await other.reload();
    await expect(other).toHaveURL("/sign-in");
  }
  await page.reload();
  await expect(card.getByText("This browser")).toBeVisible();
});

test("an open page of somebody signed out elsewhere leads to the sign-in page", async ({
  page,
  me,
  newBrowser,
  watch,
}) => {
  watch.allowStatus(401);
  await page.goto("/settings/account");
  const other = await newBrowser();
  await other.goto("/sign-in");
  await signIn(other, me);
  await arriveAtChat(other);
  await other.goto("/settings/account");
  await other.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(other.getByText("All other browsers are signed out.")).toBeVisible();

  await page.getByRole("link", { name: "API keys" }).click();
  await expect(page).toHaveURL("/sign-in");
});

test("where registration is closed, the page says so and offers no form", async ({ startServer, newBrowser }) => {
  const server = await startServer({ MARSHMALLOW_REGISTRATION: "closed" });
  await register((await newBrowser(server)).context(), server);
  const page = await newBrowser(server);
  await page.goto("/register");
  await expect(page.getByText("Registration is closed")).toBeVisible();
  await expect(page.getByRole("button", { name: "Create account" })).toHaveCount(0);
});

test("an invitation lets one person in, once @stored", async ({ startServer, newBrowser, watch }) => {
  watch.allowStatus(403);
  const server = await startServer({ MARSHMALLOW_REGISTRATION: "invitation" });
  const ana = await newBrowser(server);
  await register(ana.context(), server);

  const ben = await newBrowser(server);
  await ben.goto("/register");
  await expect(ben.getByText("You need an invitation")).toBeVisible();
  await expect(ben.getByRole("button", { name: "Create account" })).toHaveCount(0);

  await ana.goto("/settings/invitations");
  await expect(ana.getByText("Nobody is invited yet")).toBeVisible();
  await ana.getByRole("button", { name: "Create an invitation link" }).click();
  const link = await ana.getByText(/\/register\?invitation=/).innerText();
  const invitations = ana
    .locator("section")
    .filter({ has: ana.getByRole("heading", { name: "Invitations", exact: true }) });
  await expect(invitations.getByRole("listitem")).toContainText("Open");

  await ben.goto(link);
  await expect(ben.getByText("You have an invitation")).toBeVisible();
  await signUp(ben, somebody("Ben"));
  await arriveAtChat(ben);

  const eve = await newBrowser(server);
  await eve.goto(link);
  await signUp(eve, somebody("Eve"));
  await expect(eve.getByRole("alert").filter({ hasText: "This invitation is not valid" })).toContainText(
    "Ask your administrator",
  );

  await ana.reload();
  await expect(invitations.getByRole("listitem")).toContainText("Used");
});

test("an invitation that was taken back lets nobody in", async ({ startServer, newBrowser, watch }) => {
  watch.allowStatus(403);
  const server = await startServer({ MARSHMALLOW_REGISTRATION: "invitation" });
  const ana = await newBrowser(server);
  await register(ana.context(), server);
  await ana.goto("/settings/invitations");
  await ana.getByRole("button", { name: "Create an invitation link" }).click();
  const link = await ana.getByText(/\/register\?invitation=/).innerText();
  await ana.getByRole("button", { name: "Take back" }).click();
  await expect(ana.getByText("The invitation is taken back.")).toBeVisible();

  const ben = await newBrowser(server);
  await ben.goto(link);
  await signUp(ben, somebody("Ben"));
  await expect(ben.getByRole("alert").filter({ hasText: "This invitation is not valid" })).toBeVisible();
});

test("the chosen theme is kept on every page and after a reload", async ({ page, me }) => {
  void me;
  await page.goto("/settings/account");
  await page.getByText("Dark", { exact: true }).click();
  const html = page.locator("html");
  await expect(html).toHaveAttribute("data-theme", "dark");
  await page.goto("/");
  await expect(message(page)).toBeVisible();
  await expect(html).toHaveAttribute("data-theme", "dark");
  await page.goto("/settings/account");
  await expect(page.getByRole("radio", { name: "Dark" })).toBeChecked();
});
