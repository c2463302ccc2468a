/** Takes the pictures of the documents, only when asked: `MARSHMALLOW_SCREENSHOTS=1`. It tests nothing. */

import { join } from "node:path";
import { expect, test } from "../fixtures";
import { preferModel, register, somebody, storeConversation } from "../people";
import { answer, message } from "../steps";
import { startStoryteller } from "./storyteller";

const FOLDER = join(__dirname, "../../docs/screenshots");
const ANSWER = `A sealed letter keeps its secret in two ways: nobody can read it without opening it, and nobody can open it without your seeing that they did.

Marshmallow does both with your keys. Each one lies in an envelope of its own, and that envelope in a second one that only your account can open. If a single letter of it is changed, it does not open at all, and you are told.

So even somebody who carries the whole cupboard away has a cupboard full of closed envelopes.`;
const TITLES = [
  "Names for a bakery in Bergen",
  "Why is the sky blue at noon and red at dusk?",
  "Refactor the parser into two passes",
  "Weekend in Oslo with museums and rain",
];

for (const theme of ["light", "dark"]) {
  test(`pictures in the ${theme} theme`, async ({ startServer, newBrowser }, info) => {
    const storyteller = await startStoryteller([...TITLES.map(() => "Gladly."), ANSWER]);
    const server = await startServer({
      MARSHMALLOW_OPENAI_URL: storyteller.url,
      MARSHMALLOW_ALLOW_HOSTS: storyteller.host,
    });
    const page = await newBrowser(server);
    const take = (name: string) => page.screenshot({ path: join(FOLDER, `${name}-${theme}-${info.project.name}.png`) });
    await page.context().addCookies([{ name: "theme", value: theme, url: server.url }]);

    await page.goto("/sign-in");
    await take("sign-in");
    await register(page.context(), server, somebody("Demo"));
    await page.goto("/");
    await take("empty");

    const key = { provider: "openai", base_url: "", endpoint: "" };
    for (const [label, ending] of [
      ["Work", "x3Fa"],
      ["Home", "9Kd2"],
    ]) {
      await page.request.post("/api/keys/add", {
        form: { ...key, label, key: `sk-proj-0123456789-${label}-${ending}` },
        headers: { Origin: server.url, Accept: "application/json" },
      });
    }
    await preferModel(page, server, "openai/gpt-5-mini");
    for (const title of TITLES) await storeConversation(page, server, "openai/gpt-5-mini", title);
    const path = await storeConversation(
      page,
      server,
      "openai/gpt-5-mini",
      "Explain how a sealed letter keeps a secret, as if I were twelve.",
    );
    await page.goto(path);
    await expect(answer(page)).toContainText("closed envelopes.");
    await message(page).focus();
    await take("chat");

    await page.getByRole("button", { name: /^Model:/ }).click();
    await expect(page.getByRole("option").first()).toBeVisible();
    await take("model-palette");

    await page.goto("/settings/keys");
    await expect(page.getByText("2 keys")).toBeVisible();
    await take("keys");
    storyteller.stop();
  });
}
