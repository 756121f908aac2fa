/** The @grpc/grpc-js client. Usage: client.js JOB */
import { runClientJob } from "../../harness/client-job.js";
import { connect } from "./calls.js";

await runClientJob(connect);
