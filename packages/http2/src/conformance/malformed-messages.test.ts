/**
 * Requests, responses and trailers that are malformed, as they come over the wire: each costs its stream and nothing else, and leaves
 * the header tables in step. RFC 9113 sections 8.1, 8.1.1, 8.2, 8.3 and 8.5.
 */
import { test } from "node:test";
import { REQUEST, RESPONSE } from "../testing/engine.js";
import { type MessageKind, MessageTester } from "./testing/messages.js";

const KINDS: readonly MessageKind[] = ["request", "response", "trailers of a request", "trailers of a response"];

/** Fields of a good message of this kind, before which or behind which others are put. */
function fieldsOf(kind: MessageKind): readonly string[] {
  if (kind === "request") return REQUEST;
  return kind === "response" ? RESPONSE : ["x-first", "1"];
}

/** A request with another value of a pseudo-header, or without it. */
function requestWith(name: string, value: string | undefined): string[] {
  const fields: string[] = [];
  for (let i = 0; i < REQUEST.length; i += 2) {
    if (REQUEST[i] !== name) fields.push(REQUEST[i] as string, REQUEST[i + 1] as string);
    else if (value !== undefined) fields.push(name, value);
  }
  return fields;
}

/** Every octet that RFC 9113 section 8.2.1 bans from names, and the colon. */
function bannedInNames(): string[] {
  const octets = [0x3a];
  for (let octet = 0; octet <= 0xff; octet++) {
    if (octet <= 0x20 || (octet >= 0x41 && octet <= 0x5a) || octet >= 0x7f) octets.push(octet);
  }
  return octets.map((octet) => String.fromCharCode(octet));
}

for (const kind of KINDS) {
  const good = fieldsOf(kind);

  test(`${kind}: a name with an octet that names may not have is malformed (8.2.1)`, () => {
    const tester = new MessageTester(kind);
    for (const octet of bannedInNames()) {
      tester.refuses([...good, `x-${octet}`, "v"]);
      if (octet !== ":") tester.refuses([...good, `${octet}x`, "v"]);
    }
  });

  test(`${kind}: an empty name is malformed (8.2.1)`, () => {
    const tester = new MessageTester(kind);
    tester.refuses([...good, "", "v"]);
    tester.refuses([...good, "", ""]);
  });

  test(`${kind}: a value with NUL, CR or LF anywhere is malformed (8.2.1)`, () => {
    const tester = new MessageTester(kind);
    for (const octet of ["\0", "\r", "\n"]) {
      for (const value of [octet, `${octet}v`, `v${octet}`, `v${octet}v`, `v${octet} x: y`]) {
        tester.refuses([...good, "x-a", value]);
      }
    }
  });

  test(`${kind}: a value that begins or ends with white space is malformed (8.2.1)`, () => {
    const tester = new MessageTester(kind);
    for (const value of [" ", "\t", " v", "v ", "\tv", "v\t", " v "]) tester.refuses([...good, "x-a", value]);
  });

  test(`${kind}: an empty value, inner white space and octets above 0x7f are well formed (8.2.1)`, () => {
    const tester = new MessageTester(kind);
    for (const value of ["", "a b", "a\tb", "\u0080\u00ff", "a: b, c"]) tester.accepts([...good, "x-a", value]);
  });

  test(`${kind}: fields that are about an HTTP/1.1 connection are malformed (8.2.2)`, () => {
    const tester = new MessageTester(kind);
    const fields = ["connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade"];
    for (const name of fields) {
      for (const value of ["close", "chunked", ""]) tester.refuses([...good, name, value]);
    }
  });

  test(`${kind}: te other than "trailers" is malformed (8.2.2)`, () => {
    const tester = new MessageTester(kind);
    for (const value of ["gzip", "", "trailers, deflate", "trailers;q=0.5"]) tester.refuses([...good, "te", value]);
    if (kind === "request") tester.accepts([...good, "te", "trailers"]);
  });

  test(`${kind}: an unknown pseudo-header is malformed, wherever it stands (8.3)`, () => {
    const tester = new MessageTester(kind);
    for (const name of [":", ":unknown", ":protocol", ":Method", "::method", ":path:"]) {
      tester.refuses([name, "v", ...good]);
      tester.refuses([...good, name, "v"]);
    }
  });

  test(`${kind}: the same malformed block is malformed each time that it comes (8.1.1)`, () => {
    const tester = new MessageTester(kind);
    for (let i = 0; i < 4; i++) tester.refuses([...good, "Upper", "case"]);
  });
}

test("request: a pseudo-header after a regular field is malformed, each of them (8.3)", () => {
  const tester = new MessageTester("request");
  for (const name of [":method", ":scheme", ":path", ":authority"]) {
    const value = REQUEST[REQUEST.indexOf(name) + 1] as string;
    tester.refuses([...requestWith(name, undefined), "x-a", "v", name, value]);
  }
});

test("request: a pseudo-header that is repeated is malformed, equal or not (8.3)", () => {
  const tester = new MessageTester("request");
  for (const name of [":method", ":scheme", ":path", ":authority"]) {
    const value = REQUEST[REQUEST.indexOf(name) + 1] as string;
    tester.refuses([name, value, ...REQUEST]);
    tester.refuses([name, "/other", ...REQUEST]);
  }
});

test("request: :status is malformed in it (8.3)", () => {
  const tester = new MessageTester("request");
  tester.refuses([":status", "200", ...REQUEST]);
  tester.refuses([...RESPONSE]);
});

test("request: the lack of :method, :scheme or :path is malformed, that of :authority is not (8.3.1)", () => {
  const tester = new MessageTester("request");
  for (const name of [":method", ":scheme", ":path"]) tester.refuses(requestWith(name, undefined));
  tester.refuses([]);
  tester.refuses(["x-a", "v"]);
  tester.accepts(requestWith(":authority", undefined));
});

test("request: :method, :scheme and :path must have a value (8.3.1)", () => {
  const tester = new MessageTester("request");
  for (const name of [":method", ":scheme", ":path"]) tester.refuses(requestWith(name, ""));
});

test("request: pseudo-headers obey the rules of values (8.2.1)", () => {
  const tester = new MessageTester("request");
  for (const name of [":method", ":scheme", ":path", ":authority"]) {
    for (const value of ["a\0b", "a\r\nb: c", "a\n", " a", "a\t"]) tester.refuses(requestWith(name, value));
  }
});

test("request: a host that is not :authority is malformed (8.3.1)", () => {
  const tester = new MessageTester("request");
  tester.accepts([...REQUEST, "host", "a"]);
  tester.refuses([...REQUEST, "host", "b"]);
  tester.refuses([...REQUEST, "host", "a:8080"]);
});

test("request: a host that says the same as :authority in other words is well formed (8.3.1, RFC 3986 6.2)", () => {
  const tester = new MessageTester("request");
  const request = (scheme: string, authority: string, host: string): string[] => [
    ...[":method", "POST", ":scheme", scheme, ":path", "/s/m", ":authority", authority],
    ...["host", host],
  ];
  for (const [authority, host] of [
    ["a.example", "A.Example"],
    ["A.EXAMPLE:8080", "a.example:8080"],
  ] as const) {
    tester.accepts(request("http", authority, host));
    tester.accepts(request("https", authority, host));
  }
  tester.accepts(request("http", "a", "a:80"));
  tester.accepts(request("http", "a:80", "a"));
  tester.accepts(request("https", "a:443", "A"));
  tester.refuses(request("https", "a", "a:80"));
  tester.refuses(request("http", "a:443", "a"));
});

test("request: a host alone, without :authority, is well formed (8.3.1)", () => {
  const tester = new MessageTester("request");
  tester.accepts([...requestWith(":authority", undefined), "host", "a"]);
});

test("request: CONNECT has :authority, and neither :scheme nor :path (8.5)", () => {
  const tester = new MessageTester("request");
  const connect = [":method", "CONNECT", ":authority", "a:443"];
  tester.accepts(connect, false);
  tester.refuses([":method", "CONNECT"], false);
  tester.refuses([...connect, ":scheme", "https"], false);
  tester.refuses([...connect, ":path", "/"], false);
  tester.refuses([...connect, ":scheme", "https", ":path", "/"], false);
});

test("response: :status must be there once, be a three-digit number, and come first (8.3, 8.3.2)", () => {
  const tester = new MessageTester("response");
  tester.refuses([]);
  tester.refuses(["x-a", "v"]);
  tester.refuses(["x-a", "v", ...RESPONSE]);
  tester.refuses([...RESPONSE, ...RESPONSE]);
  tester.refuses([":status", "200", ":status", "204"]);
  for (const value of ["", "2", "20", "2000", "2OO", "+200", "-200", "099", "000", "0x200", "200 OK", "20.0"]) {
    tester.refuses([":status", value]);
  }
  for (const value of ["200", "204", "404", "599", "999"]) tester.accepts([":status", value]);
});

test("response: the pseudo-headers of requests are malformed in it (8.3)", () => {
  const tester = new MessageTester("response");
  for (const name of [":method", ":scheme", ":path", ":authority"]) {
    tester.refuses([name, "v", ...RESPONSE]);
    tester.refuses([...RESPONSE, name, "v"]);
  }
});

for (const kind of ["trailers of a request", "trailers of a response"] as const) {
  test(`${kind}: any pseudo-header is malformed (8.1)`, () => {
    const tester = new MessageTester(kind);
    for (const name of [":method", ":scheme", ":path", ":authority", ":status"]) {
      tester.refuses([name, "200"]);
      tester.refuses(["x-a", "v", name, "200"]);
    }
    tester.refuses(REQUEST);
    tester.refuses(RESPONSE);
  });

  test(`${kind}: a second header block without END_STREAM is malformed, good as it may be (8.1)`, () => {
    const tester = new MessageTester(kind);
    tester.refuses(["x-a", "v"], false);
    tester.refuses([], false);
    tester.accepts(["x-a", "v"]);
  });
}

test("the same octets may be good trailers and a malformed request, in any order (8.1.1)", () => {
  const asRequest = new MessageTester("request");
  const asTrailers = new MessageTester("trailers of a request");
  for (let i = 0; i < 3; i++) {
    asRequest.refuses(["x-a", "v"]);
    asTrailers.accepts(["x-a", "v"]);
    asTrailers.refuses(REQUEST);
    asRequest.accepts(REQUEST);
  }
});
