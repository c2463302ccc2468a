/** The whole way through the chat without a mouse. */

import { expect, memberTest as test } from "../fixtures";
import { storeConversation, storeKey } from "../people";
import { answer, ended, message, say, seen, stopButton, words } from "../steps";

test.beforeEach(async ({ page, server }) => {
  await storeKey(page, server, "sk-proj-simvalid-0123456789-x3Fa");
});

test("Tab goes in reading order, with the focus to be seen at every stop @desktop", async ({ page, server }) => {
  await storeConversation(page, server, "openai/gpt-4o-mini", "Trip to Oslo");
  await page.goto("/");
  const stops: string[] = [];
  for (let stop = 0; stop < 14; stop += 1) {
    await page.keyboard.press("Tab");
    const [name, isSeen] = await page.evaluate(() => {
      const focused = document.activeElement as HTMLElement;
      const style = getComputedStyle(focused);
      const frame = getComputedStyle(focused.closest("div") ?? focused);
      const isMarked =
        style.outlineStyle !== "none" || frame.borderColor !== getComputedStyle(document.body).borderColor;
      return [(focused.getAttribute("aria-label") ?? focused.innerText ?? "").trim() || focused.id, isMarked] as const;
    });
    expect(isSeen, `the focus on “${name}”`).toBe(true);
    stops.push(name.split("\n")[0]);
  }
  const order = ["Skip to the content", "New chat", "Trip to Oslo", "Actions for Trip to Oslo", "API keys", "Messages"];
  const places = order.map((name) => stops.findIndex((stop) => stop.startsWith(name)));
  expect(places, stops.join(" → ")).not.toContain(-1);
  expect([...places].sort((a, b) => a - b)).toEqual(places);
});

test("the link past the sidebar leads to the content @desktop", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const isInside = await page.evaluate(() => document.getElementById("main")?.contains(document.activeElement));
  expect(isInside).toBe(true);
});

test("Enter sends, Shift-Enter breaks the line, and the stop button is a key away", async ({ page }) => {
  await page.goto("/");
  await message(page).focus();
  await page.keyboard.type("One");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("Two");
  await expect(message(page)).toHaveValue("One\nTwo");
  await page.keyboard.press("Enter");
  await ended(answer(page));
  await expect(page.getByRole("article", { name: "You" })).toHaveText("One\nTwo");

  await message(page).fill(say(words(80), "delay=50"));
  await page.keyboard.press("Enter");
  await seen(answer(page), 3);
  await stopButton(page).focus();
  await page.keyboard.press("Enter");
  await ended(answer(page));
  await expect(message(page)).toBeFocused();
});

test("the palette: Ctrl-K opens it, arrows move, Enter chooses, Esc closes and gives the focus back", async ({
  page,
}) => {
  await page.goto("/");
  const palette = page.getByRole("dialog", { name: "Choose a model" });
  const selector = page.getByRole("button", { name: /^Model:/ });
  const search = palette.getByRole("combobox", { name: "Search models" });
  const current = palette.getByRole("option", { selected: true });

  await selector.focus();
  await page.keyboard.press("Enter");
  await expect(search).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(palette).toBeHidden();
  await expect(selector).toBeFocused();

  await message(page).focus();
  await page.keyboard.press("Control+k");
  await expect(search).toBeFocused();
  await page.keyboard.type("openai/gpt");
  const first = await current.innerText();
  await page.keyboard.press("ArrowDown");
  await expect(current).not.toHaveText(first);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowDown");
  const chosen = (await current.innerText()).split("\n")[0];
  await page.keyboard.press("Enter");
  await expect(palette).toBeHidden();
  await expect(selector).toContainText(chosen);
  await expect(message(page)).toBeFocused();
});

test("a conversation's menu: arrows move, Esc gives the focus back; Esc drops a new title @desktop", async ({
  page,
  server,
}) => {
  await storeConversation(page, server, "openai/gpt-4o-mini", "Trip to Oslo");
  await page.goto("/");
  const opener = page.getByRole("button", { name: "Actions for Trip to Oslo" });
  await opener.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Rename" })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("menuitem", { name: "Delete…" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(opener).toBeFocused();

  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Somewhere else");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("link", { name: "Trip to Oslo" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Somewhere else" })).toHaveCount(0);
});

test("a question to confirm is closed with Esc, and nothing happens", async ({ page }) => {
  await page.goto("/settings/keys");
  const remove = page.getByRole("button", { name: "Remove Unnamed key" });
  await remove.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(remove).toBeFocused();
});

test("the drawer on a phone opens, takes the focus and closes with Esc @phone", async ({ page }) => {
  await page.goto("/");
  const opener = page.getByRole("button", { name: "Open the list of conversations" });
  await opener.click();
  const drawer = page.getByRole("complementary", { name: "Sidebar" });
  await expect(drawer).toBeVisible();
  await expect.poll(() => drawer.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await expect(opener).toBeFocused();
});
