/**
 * Watches every page of a test for what no person should have to bear: errors and warnings in the console, errors
 * of scripts, and requests to other hosts. It knows no page; a test names what it provokes on purpose.
 */

import type { BrowserContext } from "@playwright/test";

export class Watch {
  private readonly faults: string[] = [];
  private readonly allowed: RegExp[] = [];

  /** The browser logs each answer with one of these HTTP statuses as an error; here they are meant to come. */
  allowStatus(...statuses: number[]): void {
    for (const status of statuses) this.allow(new RegExp(`responded with a status of ${status}\\b`));
  }

  /** The connection to the server breaks in this test, and the browser says so. */
  allowLostConnection(): void {
    this.allow(
      /net::ERR_(CONNECTION_|INTERNET_DISCONNECTED|INCOMPLETE_CHUNKED_ENCODING|NETWORK_CHANGED|EMPTY_RESPONSE)/,
    );
    this.allow(/TypeError: network error/);
  }

  allow(message: RegExp): void {
    this.allowed.push(message);
  }

  /** Everything that was noticed and not allowed. */
  found(): string[] {
    return this.faults.filter((fault) => !this.allowed.some((allowed) => allowed.test(fault)));
  }

  /** Watches all pages of a context, which belongs to the server at `origin`. */
  over(context: BrowserContext, origin: () => string): void {
    context.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") {
        this.faults.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    context.on("weberror", (error) => this.faults.push(`script error: ${error.error().stack ?? error.error()}`));
    context.on("dialog", (dialog) => {
      this.faults.push(`a dialog of a script: ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on("request", (request) => {
      const url = new URL(request.url());
      const isRemote = url.protocol === "http:" || url.protocol === "https:" || url.protocol.startsWith("ws");
      if (isRemote && url.origin !== origin()) this.faults.push(`request to another host: ${request.url()}`);
    });
  }
}
