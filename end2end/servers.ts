/** The programs that the specs talk to, as a person would start them. It knows no page. */

import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";

/** Variables for the server, on top of those that every server here gets. */
export type Environment = Record<string, string>;
/** Where a server is reached. */
export interface Site {
  readonly url: string;
}
export type Database = "sqlite" | "postgres";

const STARTS_WITHIN = 30_000;

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the specs with \`cargo xtask e2e\``);
  return value;
}

/** A program of ours that has said where it listens. */
class Program {
  private constructor(
    private readonly child: ChildProcess,
    readonly address: string,
    private readonly forget: () => void,
  ) {}

  /** Starts it and waits for the address, which `said` finds in its output. */
  static async start(path: string, args: string[], env: Environment, said: RegExp, log: string[]): Promise<Program> {
    const child = spawn(path, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    const kill = () => child.kill("SIGKILL");
    process.on("exit", kill);
    const address = await new Promise<string>((resolve, reject) => {
      let output = "";
      const fail = (why: string) => reject(new Error(`${path} ${why}:\n${output}`));
      const timer = setTimeout(() => {
        kill();
        fail("did not say where it listens");
      }, STARTS_WITHIN);
      const read = (chunk: Buffer) => {
        log.push(chunk.toString());
        output += chunk;
        const found = said.exec(output);
        if (found) {
          clearTimeout(timer);
          resolve(found[1]);
        }
      };
      child.stdout?.on("data", read);
      child.stderr?.on("data", read);
      child.on("error", (error) => fail(String(error)));
      child.on("exit", (code) => {
        clearTimeout(timer);
        fail(`ended (${code})`);
      });
    });
    return new Program(child, address, () => process.off("exit", kill));
  }

  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const isOver = this.child.exitCode !== null || this.child.signalCode !== null;
    const over = isOver ? Promise.resolve() : new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill(signal);
    await over;
    this.forget();
  }
}

/** The scripted provider. */
export class Simulator {
  private constructor(private readonly program: Program) {}

  static async start(): Promise<Simulator> {
    const path = needed("MARSHMALLOW_SIMULATOR");
    return new Simulator(await Program.start(path, ["--addr", "127.0.0.1:0"], {}, /listening on http:\/\/(\S+)/, []));
  }

  get host(): string {
    return this.program.address;
  }

  /** The base URL of an OpenAI-compatible endpoint that demands a key. */
  get customUrl(): string {
    return `http://${this.host}/custom/v1`;
  }

  stop(): Promise<void> {
    return this.program.end("SIGTERM");
  }
}

/** A database of its own, gone with its handle. */
class PostgresDatabase {
  readonly name = `marshmallow_e2e_${randomBytes(6).toString("hex")}`;

  static async make(): Promise<PostgresDatabase> {
    const database = new PostgresDatabase();
    await database.run(`CREATE DATABASE ${database.name}`);
    return database;
  }

  get url(): string {
    const url = new URL(needed("MARSHMALLOW_E2E_POSTGRES"));
    url.pathname = `/${this.name}`;
    return url.href;
  }

  drop(): Promise<void> {
    return this.run(`DROP DATABASE ${this.name} WITH (FORCE)`);
  }

  private async run(sql: string): Promise<void> {
    const client = new Client({ connectionString: needed("MARSHMALLOW_E2E_POSTGRES") });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  }
}

/** The product: the built server with a data folder of its own. */
export class Server implements Site {
  /** What it has written to its log, for the report of a failed test. */
  readonly log: string[] = [];
  private program?: Program;

  private constructor(
    readonly simulator: Simulator,
    private readonly data: string,
    private readonly env: Environment,
    private readonly database?: PostgresDatabase,
  ) {}

  static async start(simulator: Simulator, database: Database, environment: Environment): Promise<Server> {
    const data = await mkdtemp(join(tmpdir(), "marshmallow-e2e-"));
    const postgres = database === "postgres" ? await PostgresDatabase.make() : undefined;
    const env: Environment = {
      PATH: process.env.PATH ?? "",
      MARSHMALLOW_DATA: join(data, "data"),
      MARSHMALLOW_REGISTRATION: "open",
      MARSHMALLOW_OPENAI_URL: `http://${simulator.host}/openai/v1`,
      MARSHMALLOW_ANTHROPIC_URL: `http://${simulator.host}/anthropic/v1`,
      MARSHMALLOW_GOOGLE_URL: `http://${simulator.host}/google/v1beta`,
      MARSHMALLOW_OPENROUTER_URL: `http://${simulator.host}/openrouter/api/v1`,
      MARSHMALLOW_ALLOW_HOSTS: simulator.host,
      ...(postgres ? { DATABASE_URL: postgres.url } : {}),
      ...environment,
    };
    const server = new Server(simulator, data, env, postgres);
    await server.run("127.0.0.1:0");
    return server;
  }

  get url(): string {
    return `http://${this.program?.address}`;
  }

  /** As when the power fails: `kill -9`. */
  async kill(): Promise<void> {
    await this.program?.end("SIGKILL");
  }

  /** Starts again after `kill`, at the same address with the same data. */
  async restart(): Promise<void> {
    await this.run(new URL(this.url).host);
  }

  async stop(): Promise<void> {
    await this.program?.end("SIGTERM");
    await this.database?.drop();
    await rm(this.data, { recursive: true, force: true });
  }

  private async run(address: string): Promise<void> {
    const program = join(needed("MARSHMALLOW_DIST"), "marshmallow");
    this.program = await Program.start(
      program,
      ["serve"],
      { ...this.env, MARSHMALLOW_ADDR: address },
      /serving address=(\S+)/,
      this.log,
    );
  }
}

/** The servers of one worker: one for each configuration that its tests ask for. */
export class Servers {
  private readonly shared = new Map<string, Promise<Server>>();

  constructor(
    readonly simulator: Simulator,
    private readonly database: Database,
  ) {}

  /** The server that all tests with this configuration share. */
  share(environment: Environment): Promise<Server> {
    const name = JSON.stringify(environment);
    let server = this.shared.get(name);
    if (!server) {
      server = Server.start(this.simulator, this.database, environment);
      this.shared.set(name, server);
    }
    return server;
  }

  /** A new server; whoever asked stops it. */
  start(environment: Environment): Promise<Server> {
    return Server.start(this.simulator, this.database, environment);
  }

  async stopAll(): Promise<void> {
    const shared = await Promise.allSettled(this.shared.values());
    await Promise.all(shared.map((one) => (one.status === "fulfilled" ? one.value.stop() : undefined)));
    await this.simulator.stop();
  }
}
