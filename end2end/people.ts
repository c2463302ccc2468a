/** People who use the product, made over its own doors without a page, so that a spec begins where it matters. */

import { expect, type BrowserContext, type Page } from "@playwright/test";
import { randomUUID } from "node:crypto";
import type { Site } from "./servers";

export interface Person {
  name: string;
  email: string;
  password: string;
}

/** Somebody whom no server knows yet. */
export function somebody(name = "Demo"): Person {
  return { name, email: `${randomUUID()}@example.org`, password: "three toasted marshmallows" };
}

/** Calls a server function as the page would, and expects it to succeed. */
export async function call(
  context: BrowserContext,
  server: Site,
  path: string,
  form: Record<string, string>,
): Promise<string> {
  const answer = await context.request.post(`${server.url}/api/${path}`, {
    form,
    headers: { Origin: server.url, Accept: "application/json" },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  return answer.text();
}

/** Registers somebody, who is signed in in `context` from then on. */
export async function register(context: BrowserContext, server: Site, person = somebody()): Promise<Person> {
  await call(context, server, "accounts/register", { ...person, invitation: "" });
  return person;
}

/** Stores a key for whoever is signed in. */
export async function storeKey(page: Page, server: Site, key: string): Promise<void> {
  await call(page.context(), server, "keys/add", { provider: "", key, label: "", base_url: "", endpoint: "" });
}

/** Chooses the model with which new conversations begin. */
export async function preferModel(page: Page, server: Site, model: string): Promise<void> {
  await call(page.context(), server, "models/prefer", { model });
}

/** Asks and waits for the whole answer; gives the path of the conversation. */
export async function storeConversation(page: Page, server: Site, model: string, text: string): Promise<string> {
  const frames = await call(page.context(), server, "chat/send", { model, text });
  const first = JSON.parse(frames.slice(0, frames.indexOf("\n")));
  return `/c/${first.conversation}`;
}
