import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  type Channel,
  type Client,
  createChannel,
  createClient,
  createServer,
  type MessageInit,
  type Server,
  StatusCode,
} from "heddle";
import { Upload, type UploadRequestSchema } from "./gen/upload_pb.js";
import { createUploadHandlers } from "./upload-service.js";

type Request = MessageInit<typeof UploadRequestSchema>;

let server: Server;
let channel: Channel;
let upload: Client<typeof Upload>;

before(async () => {
  server = createServer().add(Upload, createUploadHandlers(100));
  const { address } = await server.listen("127.0.0.1:0");
  channel = createChannel(address);
  upload = createClient(Upload, channel);
});
after(async () => {
  await channel.close();
  await server.shutdown();
});

const info = (sizeBytes: bigint): Request => ({ part: { case: "info", value: { name: "x", sizeBytes } } });
const chunk = (sizeBytes: number): Request => ({ part: { case: "chunk", value: new Uint8Array(sizeBytes) } });

test("chunks that add up to the announced size are accepted", async () => {
  const receipt = await upload.uploadFile([info(10n), chunk(4), chunk(0), chunk(6)]);
  assert.equal(receipt.sizeBytes, 10n);
});

const wrong: Array<{ title: string; requests: Request[]; code: StatusCode; message: RegExp }> = [
  { title: "no message at all", requests: [], code: StatusCode.INVALID_ARGUMENT, message: /empty/ },
  {
    title: "a chunk before the info",
    requests: [chunk(1), info(1n)],
    code: StatusCode.INVALID_ARGUMENT,
    message: /before the file was announced/,
  },
  {
    title: "two infos",
    requests: [info(1n), info(1n)],
    code: StatusCode.INVALID_ARGUMENT,
    message: /announced twice/,
  },
  {
    title: "a message without a part",
    requests: [info(1n), {}],
    code: StatusCode.INVALID_ARGUMENT,
    message: /neither info nor chunk/,
  },
  {
    title: "fewer bytes than announced",
    requests: [info(10n), chunk(9)],
    code: StatusCode.INVALID_ARGUMENT,
    message: /announced with 10 bytes, but 9 came/,
  },
  {
    title: "more bytes than announced",
    requests: [info(10n), chunk(9), chunk(2)],
    code: StatusCode.INVALID_ARGUMENT,
    message: /More than the announced 10 bytes/,
  },
  {
    title: "a file above the limit, before its first chunk",
    requests: [info(101n)],
    code: StatusCode.RESOURCE_EXHAUSTED,
    message: /has 101 bytes; this server takes 100 at most/,
  },
];
for (const { title, requests, code, message } of wrong) {
  test(`an upload is refused for ${title}`, async () => {
    await assert.rejects(upload.uploadFile(requests), { code, message });
  });
}
