/** A provider that tells the same good story each time, for the pictures in the documents. It is OpenAI to the server. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const MODELS = ["gpt-5", "gpt-5-mini", "gpt-4o", "gpt-4o-mini"];

export interface Storyteller {
  /** Its base URL. */
  url: string;
  host: string;
  stop: () => void;
}

/** Starts it with the answers to give, one after the other. */
export async function startStoryteller(answers: string[]): Promise<Storyteller> {
  let told = 0;
  const server: Server = createServer((request, response) => {
    if (request.method === "GET") {
      const data = MODELS.map((id) => ({ id, object: "model", created: 1_754_000_000, owned_by: "system" }));
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ object: "list", data }));
      return;
    }
    const text = answers[told++ % answers.length];
    const chunk = (delta: object, finish: string | null) => {
      const choices = [{ index: 0, delta, finish_reason: finish }];
      return `data: ${JSON.stringify({ id: "story", object: "chat.completion.chunk", created: 1, model: "gpt-5-mini", choices })}\n\n`;
    };
    const usage = { prompt_tokens: 412, completion_tokens: 286, total_tokens: 698 };
    response.writeHead(200, { "content-type": "text/event-stream", "x-request-id": "req_7d1f0c2a" });
    response.write(chunk({ role: "assistant", content: text }, null));
    response.write(chunk({}, "stop"));
    response.write(
      `data: ${JSON.stringify({ id: "story", object: "chat.completion.chunk", created: 1, model: "gpt-5-mini", choices: [], usage })}\n\n`,
    );
    response.end("data: [DONE]\n\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}/v1`, host, stop: () => server.close() };
}
