/**
 * Loaded into every test process by `test.mjs`. When a test file is still running at its time limit, this says which file
 * and what holds it open, and ends the process with a failure. It ends nothing before that limit.
 */
const limitS = Number(process.env.HEDDLE_TEST_FILE_LIMIT_S);

// The runner's own process loads this file too; only those that run a test file have a context.
if (process.env.NODE_TEST_CONTEXT !== undefined && limitS > 0) {
  const timer = setTimeout(reportAndExit, limitS * 1000);
  timer.unref();
}

function reportAndExit() {
  const open = process.getActiveResourcesInfo();
  process.stderr.write(
    `${process.argv[1]} was still running after ${limitS} s. ` +
      `Either a test takes too long, or one left something open: ${open.length === 0 ? "nothing known" : open.join(", ")}\n`,
    () => process.exit(1),
  );
}
