/** Runs the programs of a guide as a reader does: a server in one terminal, a client in another. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

const LIMIT_MS = 20_000;

/** A port that nothing listens on at this moment. */
export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

/** Runs a program to its end and gives what it printed; a failure shows all of its output. */
export async function runToEnd(cwd, command, args, env = {}) {
  const { child, output } = start(cwd, command, args, env);
  const [code, signal] = await once(child, "close");
  if (code === 0) return output.stdout;
  throw new Error(`"${[command, ...args].join(" ")}" ended with ${signal ?? code}:\n${output.stdout}${output.stderr}`);
}

/** Starts a server, calls `use` once it has printed a line with "listening", ends it by SIGTERM, and demands exit code 0. */
export async function withServer(cwd, args, use) {
  const { child, output } = start(cwd, process.execPath, args, {});
  const closed = once(child, "close");
  try {
    await untilListening(child, output);
    await use();
  } finally {
    child.kill("SIGTERM");
  }
  const [code, signal] = await closed;
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${signal ?? code}:\n${output.stdout}${output.stderr}`);
}

function start(cwd, command, args, env) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: command === process.execPath ? LIMIT_MS : LIMIT_MS * 10,
    killSignal: "SIGKILL",
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) {
    child[name].setEncoding("utf8").on("data", (text) => {
      output[name] += text;
    });
  }
  return { child, output };
}

function untilListening(child, output) {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error(`the server ended before it listened:\n${output.stdout}${output.stderr}`));
    child.once("error", reject);
    child.once("close", gone);
    child.stdout.on("data", () => {
      if (/listening/i.test(output.stdout)) {
        child.off("close", gone);
        resolve();
      }
    });
  });
}
