/** Which header lists are well formed. RFC 9113 sections 8.1.1, 8.2, 8.3 and 8.5. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderList } from "../hpack/header-list.js";
import { createEngine, REQUEST, RESPONSE } from "../testing/engine.js";
import { block, headersFrame } from "../testing/frames.js";
import { requestFault, responseFault, trailersFault } from "./header-rules.js";

type Rule = (headers: HeaderList) => string | undefined;

function accepts(rule: Rule, ...fields: string[]): void {
  assert.equal(rule(HeaderList.of(...fields)), undefined, fields.join(" "));
}

function refuses(rule: Rule, why: RegExp, ...fields: string[]): void {
  const list = HeaderList.of(...fields);
  assert.match(rule(list) ?? "nothing", why);
  assert.match(rule(list) ?? "nothing", why, "a list that was refused is refused again");
}

function without(name: string): string[] {
  const at = REQUEST.indexOf(name);
  return REQUEST.filter((_, i) => i !== at && i !== at + 1);
}

test("a request needs :method, :scheme and a :path that is not empty; :authority may be missing", () => {
  accepts(requestFault, ...REQUEST);
  accepts(requestFault, ...without(":authority"));
  refuses(requestFault, /no :method/, ...without(":method"));
  refuses(requestFault, /no :scheme/, ...without(":scheme"));
  refuses(requestFault, /no :path/, ...without(":path"));
  refuses(requestFault, /no :path/, ...without(":path"), ":path", "");
  refuses(requestFault, /no :method/);
});

test("CONNECT has :authority and neither :scheme nor :path", () => {
  accepts(requestFault, ":method", "CONNECT", ":authority", "a:1");
  refuses(requestFault, /no :authority/, ":method", "CONNECT");
  refuses(requestFault, /:scheme or :path/, ":method", "CONNECT", ":authority", "a:1", ":path", "/");
  refuses(requestFault, /:scheme or :path/, ":method", "CONNECT", ":authority", "a:1", ":scheme", "http");
});

test("a response needs a :status of three digits", () => {
  accepts(responseFault, ...RESPONSE);
  accepts(responseFault, ":status", "100");
  refuses(responseFault, /no :status/, "a", "b");
  for (const status of ["", "20", "2000", "099", "abc", " 200"]) refuses(responseFault, /status/, ":status", status);
});

test("pseudo-headers come first, once, and only where they belong", () => {
  refuses(requestFault, /after a regular field/, "a", "b", ...REQUEST);
  refuses(requestFault, /:path occurs twice/, ...REQUEST, ":path", "/");
  refuses(requestFault, /":status" is not allowed/, ...REQUEST, ":status", "200");
  refuses(requestFault, /":protocol" is not allowed/, ...REQUEST, ":protocol", "websocket");
  refuses(requestFault, /":" is not allowed/, ...REQUEST, ":", "");
  refuses(responseFault, /":path" is not allowed/, ...RESPONSE, ":path", "/");
  refuses(trailersFault, /":status" is not allowed/, ":status", "200");
  accepts(trailersFault);
});

test("names are lower-case tokens", () => {
  accepts(trailersFault, "!#$%&'*+-.^_`|~09az", "");
  for (const name of ["", "A", "a b", "a:", "a\0", "a\r", "ä", "a\u007f", "(a)", "a\t"]) {
    refuses(trailersFault, /not a lower-case token/, name, "x");
  }
});

test("values have no NUL, CR or LF, and no white space at their ends", () => {
  accepts(trailersFault, "a", "", "b", "x \t y", "c", "\u00ff\u0001");
  for (const value of ["\0", "a\rb", "a\n", " a", "a ", "\ta", "a\t"]) refuses(trailersFault, /value of a/, "a", value);
  refuses(requestFault, /value of :path/, ...without(":path"), ":path", "/\r\nx: y");
});

test("fields of HTTP/1.1 connections are refused, and te is only for trailers", () => {
  for (const name of ["connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade"]) {
    refuses(requestFault, /HTTP\/1\.1/, ...REQUEST, name, "x");
    refuses(responseFault, /HTTP\/1\.1/, ...RESPONSE, name, "x");
    refuses(trailersFault, /HTTP\/1\.1/, name, "x");
  }
  accepts(requestFault, ...REQUEST, "te", "trailers");
  refuses(requestFault, /te is "gzip"/, ...REQUEST, "te", "gzip");
});

test("a list that was found good as one thing is not good as another", () => {
  const list = HeaderList.of("a", "b");
  assert.equal(trailersFault(list), undefined);
  assert.equal(trailersFault(list), undefined);
  assert.match(requestFault(list) ?? "nothing", /no :method/);
  assert.match(responseFault(list) ?? "nothing", /no :status/);
});

test("a malformed request is reset with PROTOCOL_ERROR, and the connection goes on", () => {
  const engine = createEngine("server");
  engine.receive(headersFrame(1, block(...REQUEST, "Upper", "case"), { end: true }));
  engine.receive(headersFrame(3, block(...REQUEST), { end: true }));
  assert.deepEqual(engine.sink.logOf(1), ["reset 1 PROTOCOL_ERROR stream library", "closed 1"]);
  assert.equal(engine.sink.logOf(3).length, 2);
  assert.deepEqual(engine.takeSent(), ["RST_STREAM 1 1"]);
});

test("a malformed response and malformed trailers reset the stream with PROTOCOL_ERROR", () => {
  const engine = createEngine("client");
  engine.openStream();
  engine.openStream();
  engine.takeFrames();
  engine.receive(headersFrame(1, block("server", "x")));
  engine.receive(headersFrame(3, block(...RESPONSE)), headersFrame(3, block(":status", "200"), { end: true }));
  assert.deepEqual(engine.takeSent(), ["RST_STREAM 1 1", "RST_STREAM 3 1"]);
  assert.deepEqual(engine.sink.logOf(3), [
    "headers 3 :status 200",
    "reset 3 PROTOCOL_ERROR stream library",
    "closed 3",
  ]);
});

test("a second header block without END_STREAM is malformed", () => {
  const engine = createEngine("client");
  engine.openStream();
  engine.receive(headersFrame(1, block(...RESPONSE)), headersFrame(1, block("a", "b")));
  assert.equal(engine.sink.lastError.code, 1);
  assert.match(engine.sink.lastError.reason, /without END_STREAM/);
});

test("informational responses are skipped, any number of them, but may not end the stream", () => {
  const engine = createEngine("client");
  engine.openStream();
  engine.openStream();
  engine.receive(headersFrame(1, block(":status", "100")), headersFrame(1, block(":status", "103", "link", "x")));
  assert.deepEqual(engine.sink.log, []);
  engine.receive(headersFrame(1, block(...RESPONSE), { end: true }));
  assert.deepEqual(engine.sink.log, ["headers 1 :status 200 end", "end 1"]);
  engine.receive(headersFrame(3, block(":status", "100"), { end: true }));
  assert.deepEqual(engine.sink.logOf(3), ["reset 3 PROTOCOL_ERROR stream library", "closed 3"]);
});
