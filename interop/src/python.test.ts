/** heddle against Python's grpcio, both ways. */
import { testBothWays } from "./harness/test-pair.js";
import { preparePython } from "./toolchain/python.js";

testBothWays("python", await preparePython());
