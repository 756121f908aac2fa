/** heddle against @grpc/grpc-js, both ways. */
import { testBothWays } from "./harness/test-pair.js";
import { prepareGrpcJs } from "./toolchain/grpc-js.js";

testBothWays("grpc-js", await prepareGrpcJs());
