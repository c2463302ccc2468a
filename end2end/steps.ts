/** What people do on the pages, by the roles and labels that they see. It asserts only what a step needs to go on. */

import { expect, type Locator, type Page } from "@playwright/test";
import type { Person } from "./people";

/** A message for the simulator that is answered by exactly `text`, steered by `settings` such as `delay=40`. */
export function say(text: string, settings = ""): string {
  return `#sim ${settings} text=${text}`.replace("  ", " ");
}

/** A text of numbered words: any part of it shows which words it holds. */
export function words(count: number): string {
  return Array.from({ length: count }, (_, place) => `w${place + 1}`).join(" ");
}

// --- Accounts -----------------------------------------------------------------------------------------------------

/** Fills the sign-in page and sends it. */
export async function signIn(page: Page, person: Person, password = person.password): Promise<void> {
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Fills the registration page and sends it. */
export async function signUp(page: Page, person: Person): Promise<void> {
  await page.getByLabel("Name").fill(person.name);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Create account" }).click();
}

/** Waits for the chat of somebody who is signed in. */
export async function arriveAtChat(page: Page): Promise<void> {
  await expect(page).toHaveURL((url) => url.pathname === "/");
  await expect(message(page)).toBeVisible();
}

// --- Chat ---------------------------------------------------------------------------------------------------------

export function message(page: Page): Locator {
  return page.getByRole("textbox", { name: "Message", exact: true });
}

export function sendButton(page: Page): Locator {
  return page.getByRole("button", { name: /^Send(\.|$)/ });
}

export function stopButton(page: Page): Locator {
  return page.getByRole("button", { name: "Stop the answer" });
}

/** The last answer of the open conversation. */
export function answer(page: Page): Locator {
  return page.getByRole("article", { name: "Answer" }).last();
}

/** The words of an answer, without its reasoning, receipt and buttons. */
export function textOf(one: Locator): Locator {
  return one.locator("> p[dir=auto]");
}

export function receiptOf(one: Locator): Locator {
  return one.locator("summary").filter({ hasText: "Receipt:" });
}

/** Sends a message; the answer is the one that begins then. */
export async function ask(page: Page, text: string): Promise<Locator> {
  const answers = page.getByRole("article", { name: "Answer" });
  const before = await answers.count();
  await message(page).fill(text);
  await sendButton(page).click();
  await expect(answers).toHaveCount(before + 1);
  return answers.nth(before);
}

/** Waits until an answer has ended, however it has. */
export async function ended(one: Locator, timeout = 20_000): Promise<void> {
  await expect(one).toHaveAttribute("aria-busy", "false", { timeout });
}

/** Waits until at least `count` words of an answer made of `words` are shown. */
export async function seen(one: Locator, count: number): Promise<void> {
  await expect(textOf(one)).toContainText(`w${count} `);
}

/** Chooses a model in the palette by words of its name. */
export async function chooseModel(page: Page, search: string, option: string | RegExp = search): Promise<void> {
  await page.getByRole("button", { name: /^Model:/ }).click();
  const palette = page.getByRole("dialog", { name: "Choose a model" });
  await palette.getByRole("combobox", { name: "Search models" }).fill(search);
  await palette.getByRole("option").filter({ hasText: option }).first().click();
  await expect(palette).toBeHidden();
}

// --- Sidebar ------------------------------------------------------------------------------------------------------

/** The sidebar; on a narrow screen it has to be opened first. */
export async function sidebar(page: Page): Promise<Locator> {
  const opener = page.getByRole("button", { name: "Open the list of conversations" });
  if (await opener.isVisible()) await opener.click();
  const list = page.getByRole("complementary", { name: "Sidebar" });
  await expect(list).toBeVisible();
  return list;
}

/** Opens the menu of a conversation in the sidebar and chooses from it. */
export async function chooseInMenu(list: Locator, title: string, item: string): Promise<void> {
  await list.getByRole("listitem").filter({ hasText: title }).hover();
  await list.getByRole("button", { name: `Actions for ${title}` }).click();
  await list.getByRole("menuitem", { name: item }).click();
}

// --- Notices ------------------------------------------------------------------------------------------------------

/** The bell, whose name says how many things need attention. */
export function bell(page: Page): Locator {
  return page.getByRole("link", { name: /^Notices: / });
}

/** Opens what the bell lists. */
export async function openNotices(page: Page): Promise<Locator> {
  await bell(page).click();
  const panel = page.getByRole("dialog", { name: "Needs your attention" });
  await expect(panel).toBeVisible();
  return panel;
}

// --- Keys ---------------------------------------------------------------------------------------------------------

/** The form above the cards, which takes a key of any provider. */
export function keyForm(page: Page): Locator {
  return page.locator("form").filter({ has: page.getByLabel("Provider") });
}

export function providerCard(page: Page, provider: string): Locator {
  return page.locator("section").filter({ has: page.getByRole("heading", { name: provider, exact: true }) });
}

/** The row of a stored key, by its last four characters. */
export function keyRow(page: Page, lastFour: string): Locator {
  return page.getByRole("listitem").filter({ hasText: `…${lastFour}` });
}

/** Types a key into a form and sends it. */
export async function sendKey(form: Locator, key: string, label = ""): Promise<void> {
  await form.getByLabel("Key", { exact: true }).fill(key);
  if (label) await form.getByLabel("Label (optional)").fill(label);
  await form.getByRole("button", { name: "Check and seal" }).click();
}

/** Types the address and name of a custom endpoint into a form. */
export async function describeEndpoint(form: Locator, url: string, name: string): Promise<void> {
  await form.getByLabel("Provider").selectOption("custom");
  await form.getByLabel("Base URL").fill(url);
  await form.getByLabel("Short name").fill(name);
}

/** The toast that appears when a key is stored. */
export function sealed(page: Page, lastFour: string): Locator {
  return page.getByText(`··${lastFour} is sealed and ready.`);
}
