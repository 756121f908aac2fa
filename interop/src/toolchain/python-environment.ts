/** A virtual environment of Python with pinned packages, and stubs by grpc_tools.protoc. */
import { mkdirSync, rmSync } from "node:fs";
import { fingerprintOf, makeUnlessStamped } from "./fingerprint.js";
import { inCache } from "./layout.js";
import { isOnPath, Steps } from "./steps.js";

export interface EnvironmentInputs {
  /** The name on the console, and of the folder in the cache. */
  readonly name: string;
  /** The file of the packages' versions. */
  readonly requirements: string;
  readonly protos: readonly { readonly folder: string; readonly file: string }[];
}

export interface PythonEnvironment {
  /** The interpreter that sees the packages. */
  readonly python: string;
  /** Variables with which it finds the stubs too. */
  readonly env: Readonly<Record<string, string>>;
}

/** Why there is no environment: a tool that this project does not install is not there. */
export interface MissingPython {
  readonly missing: string;
}

/** Installs and generates what has changed since the last time. */
export async function preparePythonEnvironment(inputs: EnvironmentInputs): Promise<PythonEnvironment | MissingPython> {
  if (!isOnPath("python3")) return { missing: "python3 not found on PATH" };
  const { name, requirements, protos } = inputs;
  const steps = new Steps(name);
  const version = await steps.run("looking for python3", "python3", ["--version"]);
  const files = [requirements, ...protos.map(({ folder, file }) => `${folder}/${file}`)];
  const venv = inCache(`${name}/venv`);
  const stubs = inCache(`${name}/gen`);
  const python = `${venv}/bin/python`;
  await makeUnlessStamped(inCache(`${name}/stamp`), fingerprintOf(files, version), async () => {
    rmSync(venv, { recursive: true, force: true });
    await steps.run(`creating a virtual environment in .cache/${name}/venv`, "python3", ["-m", "venv", venv]);
    const install = ["-m", "pip", "install", "--disable-pip-version-check", "-r", requirements];
    await steps.run("installing requirements.txt into it", python, install);
    await generateStubs(steps, inputs, stubs, python);
  });
  steps.say(`ready: ${version.trim()}`);
  return { python, env: { PYTHONPATH: stubs, PYTHONDONTWRITEBYTECODE: "1", PYTHONUNBUFFERED: "1" } };
}

async function generateStubs(steps: Steps, { protos }: EnvironmentInputs, stubs: string, python: string) {
  rmSync(stubs, { recursive: true, force: true });
  mkdirSync(stubs, { recursive: true });
  for (const { folder, file } of protos) {
    const outputs = [`--python_out=${stubs}`, `--grpc_python_out=${stubs}`];
    await steps.run(`generating stubs from ${file}`, python, [
      "-m",
      "grpc_tools.protoc",
      `-I${folder}`,
      ...outputs,
      file,
    ]);
  }
}
