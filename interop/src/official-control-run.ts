/** gRPC's interop tests among the other implementations, without heddle, as control-run.ts does it with our own cases. */
import { testMatrix } from "./official/matrix/test-matrix.js";
import { prepareCertificates } from "./toolchain/certificates.js";
import { prepareOfficialGo } from "./toolchain/official-go.js";
import { prepareOfficialPython } from "./toolchain/official-python.js";

const [go, python, certificates] = await Promise.all([
  prepareOfficialGo(),
  prepareOfficialPython(),
  prepareCertificates(),
]);

await testMatrix({
  pairs: [
    { title: "grpc-go → grpcio", client: go, server: python },
    { title: "grpcio → grpc-go", client: python, server: go },
    { title: "grpcio → grpcio", client: python, server: python },
  ],
  certificates,
});
