#!/usr/bin/env node
/**
 * Opens a bundle of keys, as docs/key-bundle.md describes it, with nothing but Node:
 *
 *     node docs/read-key-bundle.mjs marshmallow-keys-2026-11-24.mmkeys
 *
 * The passphrase is read from standard input; the keys are written to standard output, in plain text.
 */

import { createDecipheriv, createHmac, pbkdf2Sync } from "node:crypto";
import { readFileSync } from "node:fs";

const KDF = "PBKDF2-HMAC-SHA-256";
const CIPHER = "AES-256-GCM";

function refuse(why) {
  console.error(why);
  process.exit(1);
}

function members(value, names) {
  const found = Object.keys(value ?? {}).sort();
  if (found.join() !== [...names].sort().join()) refuse("The header of the bundle is damaged.");
  return value;
}

function bytes(text, count) {
  const data = Buffer.from(String(text), "base64url");
  if (data.toString("base64url") !== text || (count && data.length !== count)) {
    refuse("The header of the bundle is damaged.");
  }
  return data;
}

function field(data) {
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(data.length));
  return Buffer.concat([length, data]);
}

function readHeader(text) {
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    refuse("This file is no bundle of keys.");
  }
  if (file?.format !== "marshmallow-keys") refuse("This file is no bundle of keys.");
  if (file.version !== 1) refuse(`Version ${file.version} of the format is not known here.`);
  members(file, ["format", "version", "kdf", "cipher", "ciphertext"]);
  const kdf = members(file.kdf, ["name", "iterations", "salt", "check"]);
  const cipher = members(file.cipher, ["name", "nonce"]);
  if (kdf.name !== KDF || cipher.name !== CIPHER) refuse("The header of the bundle is damaged.");
  if (!Number.isInteger(kdf.iterations) || kdf.iterations < 600_000 || kdf.iterations > 10_000_000) {
    refuse("The number of iterations is out of bounds.");
  }
  return {
    iterations: kdf.iterations,
    salt: bytes(kdf.salt, 16),
    check: bytes(kdf.check, 32),
    nonce: bytes(cipher.nonce, 12),
    sealed: bytes(file.ciphertext),
  };
}

export function open(text, passphrase) {
  const { iterations, salt, check, nonce, sealed } = readHeader(text);
  const stretched = pbkdf2Sync(passphrase.normalize("NFKC"), salt, iterations, 32, "sha256");
  const labelled = (label) => createHmac("sha256", stretched).update(label).digest();
  if (!labelled("marshmallow/bundle-check/1").equals(check)) refuse("This passphrase does not fit the bundle.");
  const rounds = Buffer.alloc(4);
  rounds.writeUInt32BE(iterations);
  const parts = [Buffer.from("marshmallow/bundle/1"), Buffer.from(KDF), rounds, salt, check, Buffer.from(CIPHER)];
  const decipher = createDecipheriv("aes-256-gcm", labelled("marshmallow/bundle-key/1"), nonce);
  decipher.setAAD(Buffer.concat(parts.map(field)));
  decipher.setAuthTag(sealed.subarray(-16));
  try {
    const content = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
    return JSON.parse(content.toString());
  } catch {
    refuse("The bundle was changed after it was made.");
  }
}

if (process.argv[1] && import.meta.url.endsWith("/read-key-bundle.mjs") && process.argv[2]) {
  const passphrase = readFileSync(0, "utf8").replace(/\r?\n$/, "");
  console.log(JSON.stringify(open(readFileSync(process.argv[2], "utf8"), passphrase), null, 2));
}
