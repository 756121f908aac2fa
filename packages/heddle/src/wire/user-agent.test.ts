import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { USER_AGENT, VERSION } from "./user-agent.js";

test("the version is that of package.json", () => {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    readonly name: string;
    readonly version: string;
  };
  assert.equal(manifest.name, "heddle");
  assert.equal(VERSION, manifest.version);
});

test("the user agent has the form grpc-<language>-<variant>/<version>", () => {
  assert.match(USER_AGENT, /^grpc-[a-z]+-[a-z]+\/[0-9]+\.[0-9]+\.[0-9]+/);
});
