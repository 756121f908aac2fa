/** Takes a file in pieces, and answers with the size and the digest of all of them. */
import { createHash } from "node:crypto";

export const upload = {
  uploadFile(call, callback) {
    const digest = createHash("sha256");
    let sizeBytes = 0;
    call.on("data", ({ chunk }) => {
      if (!chunk) return;
      digest.update(chunk);
      sizeBytes += chunk.length;
    });
    call.on("end", () => callback(null, { sizeBytes, sha256: digest.digest("hex") }));
  },
};
