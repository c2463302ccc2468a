/** The network between a browser and the server, for tests that cut it. It knows no protocol above TCP. */

import { connect, createServer, type AddressInfo, type Server as Listener, type Socket } from "node:net";
import type { Site } from "./servers";

export class Line implements Site {
  private readonly sockets = new Set<Socket>();
  private readonly listener: Listener;
  private port = 0;

  private constructor(target: string) {
    const { hostname, port } = new URL(target);
    this.listener = createServer((near) => {
      const far = connect(Number(port), hostname);
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ]) {
        this.sockets.add(socket);
        socket.pipe(other);
        // What breaks here is what the test breaks.
        socket.on("error", () => other.destroy());
        socket.on("close", () => this.sockets.delete(socket));
      }
    });
  }

  /** A line to the server at `target`, which works. */
  static async to(target: string): Promise<Line> {
    const line = new Line(target);
    await line.mend();
    return line;
  }

  /** Where the server is reached over this line. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Breaks all connections and takes no new ones. */
  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.listener.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Takes connections again, at the same address. */
  async mend(): Promise<void> {
    await new Promise<void>((resolve) => this.listener.listen(this.port, "127.0.0.1", resolve));
    this.port = (this.listener.address() as AddressInfo).port;
  }
}
