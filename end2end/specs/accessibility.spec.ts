/** Every page, in both themes and both sizes: no fault that axe knows, sound HTML, and no scrolling sideways. */

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { PLACES, prepare, type Place } from "../pages";
import { register, somebody } from "../people";
import type { Server } from "../servers";

/** Axe takes its time, and every page has its turn. */
test.describe.configure({ timeout: 300_000 });

const THEMES = ["light", "dark"];

async function useTheme(page: Page, server: Server, theme: string): Promise<void> {
  await page.context().addCookies([{ name: "theme", value: theme, url: server.url }]);
}

/** What axe finds, in lines that say where. Themes differ in colours only, so one of them is asked for everything. */
async function violations(page: Page, theme: string): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const { violations } = await (
    theme === "light" ? axe : axe.withRules(["color-contrast", "link-in-text-block"])
  ).analyze();
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html}`));
}

/** What a validator would say first about the document as it is shown. */
function htmlFaults(): string[] {
  const faults: string[] = [];
  const all = <E extends Element>(selector: string) => [...document.querySelectorAll<E>(selector)];
  const ids = all("[id]").map((element) => element.id);
  faults.push(...ids.filter((id, place) => ids.indexOf(id) !== place).map((id) => `the id ${id} is used twice`));
  for (const attribute of ["for", "aria-describedby", "aria-labelledby", "aria-controls", "aria-activedescendant"]) {
    for (const element of all(`[${attribute}]`)) {
      const missing = (element.getAttribute(attribute) ?? "").split(/\s+/).filter((id) => !document.getElementById(id));
      faults.push(...missing.map((id) => `${attribute}="${id}" leads nowhere`));
    }
  }
  if (all("main").length !== 1) faults.push(`${all("main").length} main elements`);
  if (all("h1").length > 1) faults.push(`${all("h1").length} h1 elements`);
  if (!document.documentElement.lang) faults.push("no language");
  if (!document.title.endsWith("Marshmallow")) faults.push(`the title is “${document.title}”`);
  for (const selector of [
    "a a",
    "a button",
    "button a",
    "button button",
    "p div",
    "p p",
    "ul > :not(li)",
    "ol > :not(li)",
  ]) {
    faults.push(...all(selector).map((element) => `${selector}: ${element.outerHTML.slice(0, 120)}`));
  }
  faults.push(...all("[style]").map((element) => `an inline style: ${element.outerHTML.slice(0, 120)}`));
  return faults;
}

/** How far the page can be scrolled sideways, in pixels, and because of what. */
function overhang(): string[] {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > width + 1)
    .map((element) => element.outerHTML.slice(0, 120));
}

async function open(page: Page, place: Place, path: string): Promise<void> {
  await page.goto(path);
  await place.open?.(page);
}

for (const theme of THEMES) {
  test(`all pages are accessible in the ${theme} theme`, async ({ page, newBrowser, server, isMobile, watch }) => {
    watch.allowStatus(404);
    const outside = await newBrowser();
    const prepared = await prepare(page, server);
    for (const window of [page, outside]) await useTheme(window, server, theme);
    for (const place of PLACES.filter((place) => isMobile || !place.isOnPhoneOnly)) {
      await test.step(place.name, async () => {
        const window = place.isOutside ? outside : page;
        await open(window, place, place.path(prepared));
        await expect(window.locator("html")).toHaveAttribute("data-theme", theme);
        expect.soft(await violations(window, theme), place.name).toEqual([]);
      });
    }
  });
}

test("the pages of administrators are accessible in both themes", async ({ startServer, newBrowser }) => {
  const server = await startServer();
  const page = await newBrowser(server);
  await register(page.context(), server, somebody());
  for (const theme of THEMES) {
    await useTheme(page, server, theme);
    await page.goto("/settings/invitations");
    expect.soft(await violations(page, theme), `empty, ${theme}`).toEqual([]);
    await page.getByRole("button", { name: "Create an invitation link" }).click();
    await expect(page.getByText(/\/register\?invitation=/)).toBeVisible();
    expect.soft(await violations(page, theme), `with a link, ${theme}`).toEqual([]);
    await page.getByRole("button", { name: "Take back" }).click();
    await expect(page.getByText("Nobody is invited yet")).toBeVisible();
  }
});

test("all pages are sound HTML and fit a screen of 360 pixels", async ({
  page,
  newBrowser,
  server,
  isMobile,
  watch,
}) => {
  watch.allowStatus(404);
  const outside = await newBrowser();
  const prepared = await prepare(page, server);
  for (const window of [page, outside]) {
    if (isMobile) await window.setViewportSize({ width: 360, height: 640 });
  }
  for (const place of PLACES.filter((place) => isMobile || !place.isOnPhoneOnly)) {
    await test.step(place.name, async () => {
      const window = place.isOutside ? outside : page;
      await open(window, place, place.path(prepared));
      expect.soft(await window.evaluate(htmlFaults), place.name).toEqual([]);
      expect.soft(await window.evaluate(overhang), place.name).toEqual([]);
    });
  }
});

test("everything that can be touched is 44 pixels high @phone", async ({ page, newBrowser, server, watch }) => {
  watch.allowStatus(404);
  const outside = await newBrowser();
  const prepared = await prepare(page, server);
  for (const place of PLACES) {
    const window = place.isOutside ? outside : page;
    await open(window, place, place.path(prepared));
    const small = await window.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>("button, summary, select, input, [role=option]")]
        .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.matches(".sr-only"))
        .filter((element) => element.getBoundingClientRect().height < 43.5)
        .map(
          (element) => `${Math.round(element.getBoundingClientRect().height)} px: ${element.outerHTML.slice(0, 160)}`,
        ),
    );
    expect.soft(small, place.name).toEqual([]);
  }
});
