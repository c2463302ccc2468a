/**
 * What every spec begins with: a running server, a browser that is watched, and people with accounts.
 * It knows how a page says that it is alive, and nothing of what a page shows.
 */

import { test as base, expect, type BrowserContext, type Page, type TestInfo } from "@playwright/test";
import { register, type Person } from "./people";
import { Servers, Simulator, type Database, type Environment, type Server, type Site } from "./servers";
import { Watch } from "./watch";

/** What a test may ask for. */
export interface Setup {
  /** Variables of the server that the test shares with others of the same variables. */
  environment: Environment;
  server: Server;
  simulator: Simulator;
  watch: Watch;
  /** Starts a server for this test alone, without any account. */
  startServer: (environment?: Environment) => Promise<Server>;
  /** Another browser, with cookies of its own, at the test's server or at the given one. */
  newBrowser: (at?: Site) => Promise<Page>;
  /** The person of this test, registered and signed in. */
  me: Person;
}

export interface WorkerSetup {
  /** Which database the servers use; a project decides. */
  database: Database;
  servers: Servers;
}

export const test = base.extend<Setup, WorkerSetup>({
  database: ["sqlite", { option: true, scope: "worker" }],
  environment: [{}, { option: true }],

  servers: [
    async ({ database }, use) => {
      const servers = new Servers(await Simulator.start(), database);
      await use(servers);
      await servers.stopAll();
    },
    { scope: "worker" },
  ],

  server: async ({ servers, environment }, use, info) => {
    const server = await servers.share(environment);
    const start = server.log.length;
    await use(server);
    await attachLog(server, start, info);
  },

  simulator: async ({ servers }, use) => use(servers.simulator),
  baseURL: async ({ server }, use) => use(server.url),

  watch: async ({}, use) => {
    const watch = new Watch();
    await use(watch);
    expect(watch.found(), "what the browser complained about").toEqual([]);
  },

  context: async ({ context, server, watch, javaScriptEnabled }, use) => {
    await prepare(context, watch, server.url, javaScriptEnabled !== false);
    await use(context);
  },

  startServer: async ({ servers }, use, info) => {
    const own: Server[] = [];
    await use(async (environment = {}) => {
      const server = await servers.start(environment);
      own.push(server);
      return server;
    });
    for (const server of own) {
      await attachLog(server, 0, info);
      await server.stop();
    }
  },

  newBrowser: async ({ browser, server, watch, startServer }, use) => {
    // Named, so that its servers outlive these browsers.
    void startServer;
    const contexts: BrowserContext[] = [];
    await use(async (at: Site = server) => {
      const context = await browser.newContext({ baseURL: at.url });
      contexts.push(context);
      await prepare(context, watch, at.url, true);
      return context.newPage();
    });
    await Promise.all(contexts.map((context) => context.close()));
  },

  me: async ({ context, server }, use) => use(await register(context, server)),
});

/** The same for somebody who is signed in from the beginning. */
export const memberTest = test.extend<{ member: Person }>({
  member: [async ({ me }, use) => use(me), { auto: true }],
});

export { expect };

async function attachLog(server: Server, from: number, info: TestInfo): Promise<void> {
  if (info.status !== info.expectedStatus) {
    await info.attach("server.log", { body: server.log.slice(from).join(""), contentType: "text/plain" });
  }
}

async function prepare(context: BrowserContext, watch: Watch, url: string, hasScripts: boolean): Promise<void> {
  watch.over(context, () => new URL(url).origin);
  if (!hasScripts) {
    // The page fetches the application ahead of its script, which here never comes.
    watch.allow(/was preloaded using link preload but not used/);
    return;
  }
  context.on("page", (page) => {
    const goto = page.goto.bind(page);
    const reload = page.reload.bind(page);
    page.goto = async (...args) => alive(page, await goto(...args));
    page.reload = async (...args) => alive(page, await reload(...args));
  });
}

/** Waits until the application has taken the page over. A click before that is lost, which no person is as fast as. */
export async function alive<T>(page: Page, result: T): Promise<T> {
  await page.locator("html[data-alive]").waitFor({ state: "attached" });
  return result;
}
