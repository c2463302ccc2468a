/** Keys that leave in a sealed file and come back: the whole way, and what goes wrong on it. */

import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page, TestInfo } from "@playwright/test";
import { expect, memberTest as test } from "../fixtures";
import { preferModel, storeKey } from "../people";
import { answer, ask, ended, keyRow, receiptOf, say } from "../steps";

const OPENAI = "sk-proj-simvalid-0123456789-x3Fa";
const ANTHROPIC = "sk-ant-api03-simvalid-0123456789-9Kd2";
const WORDS = "four toasted paper boats";
const READER = join(__dirname, "../../docs/read-key-bundle.mjs");

const section = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const row = (page: Page, lastFour: string) =>
  page.getByRole("list", { name: "Keys that were found" }).getByRole("listitem").filter({ hasText: `…${lastFour}` });

async function openKeys(page: Page): Promise<void> {
  await page.goto("/settings/keys");
  await page.getByText("Export or import keys").click();
}

async function fillExport(form: Locator, password: string, passphrase = WORDS): Promise<void> {
  await form.getByLabel("Passphrase for the file").fill(passphrase);
  await form.getByLabel("Passphrase again").fill(passphrase);
  await form.getByLabel("Your account's password").fill(password);
}

/** Exports all keys and gives the path of the file. */
async function exportAll(page: Page, password: string, info: TestInfo): Promise<string> {
  const form = section(page, "Export");
  await fillExport(form, password);
  const download = page.waitForEvent("download");
  await form.getByRole("button", { name: "Export", exact: true }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^marshmallow-keys-\d{4}-\d\d-\d\d\.mmkeys$/);
  const path = info.outputPath(file.suggestedFilename());
  await file.saveAs(path);
  return path;
}

async function openFile(page: Page, path: string, passphrase = WORDS): Promise<void> {
  const form = section(page, "Import");
  await form.getByLabel("File with keys").setInputFiles(path);
  await form.getByLabel("Passphrase of the file").fill(passphrase);
  await form.getByRole("button", { name: "Open", exact: true }).click();
}

async function removeKey(page: Page, lastFour: string): Promise<void> {
  await keyRow(page, lastFour)
    .getByRole("button", { name: /^Remove/ })
    .click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Remove/ })
    .click();
  await expect(keyRow(page, lastFour)).toHaveCount(0);
}

test("two keys leave in a file and come back, and serve a chat @stored", async ({
  page,
  server,
  member,
  watch,
}, info) => {
  watch.allowStatus(422);
  await storeKey(page, server, OPENAI);
  await storeKey(page, server, ANTHROPIC);
  await openKeys(page);
  const path = await exportAll(page, member.password, info);
  await expect(page.getByText("Your keys are exported")).toBeVisible();
  await expect(section(page, "Export").getByLabel("Your account's password")).toHaveValue("");

  // Another program opens it by the description of the format.
  const text = await readFile(path, "utf8");
  expect(text).not.toContain("simvalid");
  const read = JSON.parse(execFileSync("node", [READER, path], { input: WORDS, encoding: "utf8" }));
  expect(read.keys.map((one: { key: string }) => one.key).sort()).toEqual([ANTHROPIC, OPENAI]);

  await removeKey(page, "x3Fa");
  await removeKey(page, "9Kd2");
  const told: string[] = [];
  page.on("response", async (response) => told.push(await response.text().catch(() => "")));
  await openFile(page, path, "four toasted paper ships");
  const form = section(page, "Import");
  await expect(form.getByText("This passphrase does not open the file.")).toBeVisible();
  await expect(form.getByLabel("Passphrase of the file")).toHaveValue("four toasted paper ships");
  expect(await form.getByLabel("File with keys").evaluate((one: HTMLInputElement) => one.files?.length)).toBe(1);

  await form.getByLabel("Passphrase of the file").fill(WORDS);
  await form.getByRole("button", { name: "Open", exact: true }).click();
  await expect(form.getByText("2 keys inside, exported")).toBeVisible();
  await expect(row(page, "x3Fa")).toContainText("OpenAI accepts this key.");
  await expect(row(page, "9Kd2")).toContainText("Anthropic accepts this key.");
  await row(page, "9Kd2").getByRole("switch").click();
  await page.getByRole("button", { name: "Seal 1 key" }).click();
  await expect(row(page, "x3Fa")).toContainText("Sealed");
  expect(told.join("\n")).not.toContain("simvalid");

  await page.reload();
  await expect(keyRow(page, "x3Fa")).toHaveCount(1);
  await expect(keyRow(page, "9Kd2")).toHaveCount(0);
  await preferModel(page, server, "openai/gpt-4o-mini");
  await page.goto("/");
  await ended(await ask(page, say("Back again", "delay=0")));
  await expect(answer(page)).toContainText("Back again");
  await expect(receiptOf(answer(page))).toContainText("x3Fa");
});

test("a key that is stored already stays as it is unless its owner says otherwise", async ({
  page,
  server,
  member,
}, info) => {
  await storeKey(page, server, OPENAI);
  await openKeys(page);
  const path = await exportAll(page, member.password, info);
  await keyRow(page, "x3Fa").getByRole("switch").click();
  await expect(keyRow(page, "x3Fa").getByRole("switch")).toHaveAttribute("aria-checked", "false");
  await openFile(page, path);
  await expect(row(page, "x3Fa")).toContainText("Stored already");
  await expect(row(page, "x3Fa")).toContainText("Here it is without a name, switched off");
  await expect(page.getByRole("button", { name: "Seal 0 keys" })).toBeDisabled();
  await row(page, "x3Fa").getByRole("switch").click();
  await page.getByRole("button", { name: "Change 1 key" }).click();
  await expect(row(page, "x3Fa")).toContainText("Changed");
  await page.reload();
  await expect(keyRow(page, "x3Fa").getByRole("switch")).toHaveAttribute("aria-checked", "true");
});

test("a refused export says why and loses nothing that was typed", async ({ page, server, member, watch }) => {
  watch.allowStatus(401);
  watch.allowStatus(422);
  await storeKey(page, server, OPENAI);
  await openKeys(page);
  const form = section(page, "Export");
  const send = form.getByRole("button", { name: "Export", exact: true });
  await fillExport(form, "not the right one");
  await send.click();
  await expect(form.getByText("The current password is not right.")).toBeVisible();
  await expect(form.getByLabel("Passphrase for the file")).toHaveValue(WORDS);
  await form.getByLabel("Passphrase again").fill("four toasted paper ships");
  await send.click();
  await expect(form.getByText("The two passphrases are not the same.")).toBeVisible();
  await form.getByText("OpenAI: Unnamed key …x3Fa").click();
  await expect(form.getByRole("checkbox")).not.toBeChecked();
  await fillExport(form, member.password);
  await send.click();
  await expect(form.getByText("No key is chosen.")).toBeVisible();
  await form.getByRole("button", { name: "Make one for me" }).click();
  const made = form.getByText(/^([a-z2-9]{4}-){5}[a-z2-9]{4}$/);
  await expect(made).toBeVisible();
  await expect(form.getByLabel("Passphrase again")).toHaveValue((await made.textContent()) ?? "");
});

test("a file that is no bundle is named, and the page stays usable in both themes", async ({
  page,
  server,
  watch,
}, info) => {
  watch.allowStatus(422);
  const picture = info.outputPath("photo.mmkeys");
  await writeFile(picture, Buffer.from("89504e470d0a1a0affd8ff00", "hex"));
  const huge = info.outputPath("huge.mmkeys");
  await writeFile(huge, "x".repeat(600_000));
  for (const theme of ["light", "dark"]) {
    await page.context().addCookies([{ name: "theme", value: theme, url: server.url }]);
    await openKeys(page);
    const form = section(page, "Import");
    await form.getByRole("button", { name: "Open", exact: true }).click();
    await expect(form.getByText("No file is chosen.")).toBeVisible();
    await openFile(page, picture);
    await expect(form.getByText("This file is no bundle of keys.")).toBeVisible();
    await openFile(page, huge);
    await expect(form.getByText("This is larger than any bundle of keys.")).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((one) => `${one.id}: ${one.nodes[0].html}`)).toEqual([]);
  }
});
