/** How the specs are run: two sizes of one browser, and what is kept of a run. It knows no spec. */

import { defineConfig, devices } from "@playwright/test";
import type { Setup, WorkerSetup } from "./fixtures";

const pixel = devices["Pixel 7"];
const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: pixel.viewport, deviceScaleFactor: pixel.deviceScaleFactor, isMobile: true, hasTouch: true };

const makesPictures = process.env.MARSHMALLOW_SCREENSHOTS === "1";
const hasPostgres = Boolean(process.env.MARSHMALLOW_E2E_POSTGRES);

export default defineConfig<Setup, WorkerSetup>({
  testDir: makesPictures ? "looks" : "specs",
  outputDir: "results",
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json"]],
  use: {
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    screenshot: "only-on-failure",
    reducedMotion: "reduce",
    launchOptions: {
      executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "desktop", use: desktop, grepInvert: /@phone/ },
    { name: "phone", use: phone, grepInvert: /@desktop/ },
    // The specs of what is stored, once more on the other database.
    ...(hasPostgres ? [{ name: "postgres", use: { ...desktop, database: "postgres" as const }, grep: /@stored/ }] : []),
  ],
});
