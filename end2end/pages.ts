/** Every page of the product in a state that shows much, for the specs that look at all of them. */

import type { Page } from "@playwright/test";
import { register, storeConversation, storeKey } from "./people";
import type { Server } from "./servers";
import { message, openNotices, say, sidebar } from "./steps";

/** A page: how one gets there, and what has to happen there before it is looked at. */
export interface Place {
  name: string;
  path: (prepared: Prepared) => string;
  open?: (page: Page) => Promise<unknown>;
  /** Whether it is for people who are not signed in. */
  isOutside?: boolean;
  isOnPhoneOnly?: boolean;
}

/** What `prepare` has stored. */
export interface Prepared {
  conversation: string;
}

/** Somebody with keys of several states and conversations of several kinds. */
export async function prepare(page: Page, server: Server): Promise<Prepared> {
  await register(page.context(), server);
  for (const key of [
    "sk-proj-simvalid-0123456789-x3Fa",
    "sk-proj-simratelimited-0123456789-9Kd2",
    "sk-ant-api03-simrestricted-0123456789-r3st",
    "sk-ant-api03-simspendcap-0123456789-c4pd",
  ]) {
    await storeKey(page, server, key);
  }
  const model = "openai/gpt-4o-mini";
  await storeConversation(page, server, model, `A very long line: ${"0123456789".repeat(30)} ${"word ".repeat(60)}`);
  await storeConversation(page, server, model, say("Ended early", "stop=length"));
  await storeConversation(page, server, model, "#sim fail=error@5");
  const conversation = await storeConversation(page, server, model, `Long ${"x".repeat(300)} #sim words=120 delay=0`);
  return { conversation };
}

const openReceipt = (page: Page) => page.getByText("Receipt:").first().locator("..").click();

export const PLACES: Place[] = [
  { name: "sign-in", path: () => "/sign-in", isOutside: true },
  { name: "register", path: () => "/register", isOutside: true },
  { name: "a new chat", path: () => "/" },
  { name: "a conversation", path: ({ conversation }) => conversation, open: openReceipt },
  {
    name: "the palette of models",
    path: ({ conversation }) => conversation,
    open: (page) => page.getByRole("button", { name: /^Model:/ }).click(),
  },
  { name: "the notices", path: ({ conversation }) => conversation, open: openNotices },
  { name: "the drawer", path: () => "/", open: sidebar, isOnPhoneOnly: true },
  { name: "the draft of a long message", path: () => "/", open: (page) => message(page).fill("long ".repeat(20_000)) },
  {
    name: "a message that holds a key",
    path: () => "/",
    open: async (page) => {
      await message(page).fill("Why does sk-proj-simvalid-0123456789-x3Fa not work?");
      await page.getByRole("button", { name: "Take it out" }).waitFor();
    },
  },
  {
    name: "API keys",
    path: () => "/settings/keys",
    open: async (page) => {
      await page.getByText("How your keys are protected").click();
      await page.getByText("Add an endpoint").click();
      await page.getByText("Paste several keys or a .env file").click();
      await page.getByText("Export or import keys").click();
      await page
        .getByRole("button", { name: /^Can call/ })
        .first()
        .click();
      await page.getByLabel("Search these models").waitFor();
    },
  },
  {
    name: "a question to confirm",
    path: () => "/settings/keys",
    open: (page) =>
      page
        .getByRole("button", { name: /^Remove/ })
        .first()
        .click(),
  },
  { name: "models", path: () => "/settings/models" },
  { name: "spending", path: () => "/settings/spending" },
  { name: "activity", path: () => "/settings/activity" },
  { name: "account", path: () => "/settings/account" },
  { name: "nowhere", path: () => "/nowhere" },
  { name: "a conversation that does not exist", path: () => "/c/01900000-0000-7000-8000-000000000000" },
];
