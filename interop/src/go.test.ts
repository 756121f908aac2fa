/** heddle against grpc-go, both ways. */
import { testBothWays } from "./harness/test-pair.js";
import { prepareGo } from "./toolchain/go.js";

testBothWays("go", await prepareGo());
