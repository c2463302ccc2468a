/** What others write stays text: in answers, titles, labels and names. The policy of the pages would stop the rest. */

import { expect, memberTest as test } from "../fixtures";
import { PLACES, prepare } from "../pages";
import { call, register, somebody, storeKey } from "../people";
import { answer, ask, ended, keyForm, sealed, sendKey, sidebar, textOf } from "../steps";

const MARKUP = `<img src=x onerror=alert(1)><script>alert(2)</script>`;

test("every page comes with a strict policy and asks nothing of other hosts", async ({
  page,
  newBrowser,
  server,
  watch,
}) => {
  watch.allowStatus(404);
  const owner = await newBrowser();
  const prepared = await prepare(owner, server);
  const outside = await newBrowser();
  for (const place of PLACES.filter((place) => !place.open)) {
    const response = await (place.isOutside ? outside : owner).goto(place.path(prepared));
    const policy = response?.headers()["content-security-policy"] ?? "";
    expect(policy, place.name).toContain("default-src 'none'");
    expect(policy, place.name).toMatch(/script-src 'self' 'nonce-[\w+/=-]{16,}' 'wasm-unsafe-eval'/);
    expect(policy, place.name).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
    expect(response?.headers()["x-content-type-options"], place.name).toBe("nosniff");
  }
  await page.goto("/");
});

test("a script that got into a page would not run", async ({ page, watch }) => {
  watch.allow(/Content Security Policy/);
  await page.goto("/");
  const happened = await page.evaluate(async () => {
    const violated: string[] = [];
    document.addEventListener("securitypolicyviolation", (event) => violated.push(event.effectiveDirective));
    const script = document.createElement("script");
    script.textContent = "window.hasRun = true";
    const image = document.createElement("img");
    image.setAttribute("onerror", "window.hasRun = true");
    image.src = "data:,no-picture";
    const style = document.createElement("p");
    style.setAttribute("style", "position: fixed");
    document.body.append(script, image, style);
    await new Promise((resolve) => image.addEventListener("error", resolve));
    return { hasRun: "hasRun" in window, violated: violated.sort() };
  });
  expect(happened.hasRun).toBe(false);
  expect(happened.violated).toEqual(expect.arrayContaining(["script-src-elem", "script-src-attr", "style-src-attr"]));
});

test("markup and scripts in an answer are shown as text", async ({ page, server }) => {
  await storeKey(page, server, "sk-proj-simvalid-0123456789-x3Fa");
  await page.goto("/");
  await ended(await ask(page, `${MARKUP} #sim html delay=0`));
  for (const visit of ["live", "stored"]) {
    if (visit === "stored") await page.reload();
    const one = answer(page);
    await expect(textOf(one), visit).toContainText(`<script>alert("sim")</script> <img src=x onerror=alert(1)>`);
    await expect(textOf(one), visit).toContainText("</textarea></title><!-- <base href=");
    await expect(page.locator("article :is(script, img, iframe, style, form, base, object)"), visit).toHaveCount(0);
    await expect(page.locator("article a[href^='javascript:']"), visit).toHaveCount(0);
    await expect(page.getByRole("article", { name: "You" }), visit).toContainText(MARKUP);
  }
  await expect(page).toHaveTitle(/^<img src=x onerror=alert\(1\)>/);
  await expect((await sidebar(page)).getByRole("link", { name: MARKUP.slice(0, 30) })).toBeVisible();
});

test("markup in labels and names is shown as text", async ({ page, context, server }) => {
  await context.clearCookies();
  await register(context, server, somebody(MARKUP));
  await page.goto("/settings/keys");
  await sendKey(keyForm(page), "sk-proj-simvalid-0123456789-x3Fa", MARKUP);
  await expect(sealed(page, "x3Fa")).toBeVisible();
  await expect(page.getByText(MARKUP, { exact: true }).first()).toBeVisible();
  await page.goto("/settings/account");
  await expect(page.getByRole("heading", { name: MARKUP })).toBeVisible();
  await page.goto("/");
  await expect(page.locator("main img, main script")).toHaveCount(0);
});

test("a request that another site sends is refused", async ({ page, context, server }) => {
  await storeKey(page, server, "sk-proj-simvalid-0123456789-x3Fa");
  const form = { current: "a", new: "b" };
  const foreign: Record<string, string>[] = [
    { Origin: "https://evil.example" },
    { "Sec-Fetch-Site": "cross-site" },
    {},
  ];
  for (const headers of foreign) {
    const answer = await context.request.post(`${server.url}/api/accounts/change_password`, { form, headers });
    expect(answer.status(), JSON.stringify(headers)).toBe(403);
  }
  expect(await call(context, server, "accounts/revoke_other_sessions", {})).toBe("null");
});

test("the session cookie is out of reach of scripts", async ({ page, context, me }) => {
  expect(me.email).toContain("@");
  await page.goto("/");
  const [cookie] = (await context.cookies()).filter(({ name }) => name.includes("marshmallow"));
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  expect(await page.evaluate(() => document.cookie)).not.toContain(cookie.value);
});
