/** Takes uploads up to `--max-bytes`. */
import { createServer } from "heddle";
import { readOptions, serverOptions, wholeNumber } from "../shared/options.js";
import { serve } from "../shared/serve.js";
import { Upload } from "./gen/upload_pb.js";
import { createUploadHandlers, DEFAULT_MAX_BYTES } from "./upload-service.js";

const options = readOptions({
  ...serverOptions,
  "max-bytes": { type: "string", default: String(DEFAULT_MAX_BYTES) },
});
const maxBytes = wholeNumber("max-bytes", options["max-bytes"], 0, Number.MAX_SAFE_INTEGER);

await serve(createServer().add(Upload, createUploadHandlers(maxBytes)), options);
