/** gRPC's own interop tests: heddle with itself, with grpc-go and with grpcio, both ways, in plaintext and over TLS. */
import { testMatrix } from "./official/matrix/test-matrix.js";
import { prepareCertificates } from "./toolchain/certificates.js";
import { officialHeddle } from "./toolchain/heddle.js";
import { prepareOfficialGo } from "./toolchain/official-go.js";
import { prepareOfficialPython } from "./toolchain/official-python.js";

const heddle = { kind: "ready", peer: officialHeddle } as const;
const [go, python, certificates] = await Promise.all([
  prepareOfficialGo(),
  prepareOfficialPython(),
  prepareCertificates(),
]);

await testMatrix({
  pairs: [
    { title: "heddle → heddle", client: heddle, server: heddle },
    { title: "heddle → grpc-go", client: heddle, server: go },
    { title: "grpc-go → heddle", client: go, server: heddle },
    { title: "heddle → grpcio", client: heddle, server: python },
    { title: "grpcio → heddle", client: python, server: heddle },
  ],
  certificates,
});
