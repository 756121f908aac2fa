/**
 * The file of a Unix socket. A server that died has left its file behind, on which nobody can listen again: it is removed, after
 * making sure that it is a socket and that nobody answers on it.
 */
import { lstat, unlink } from "node:fs/promises";
import { connect } from "node:net";

/** What the system has room for in an address. A longer path would be cut off there without a word. */
const MAX_PATH_BYTES = process.platform === "linux" ? 107 : 103;

/** What is wrong with a path that is too long for the system; `undefined` when it is not. */
export function unixPathFault(path: string): RangeError | undefined {
  const bytes = Buffer.byteLength(path);
  if (bytes <= MAX_PATH_BYTES) return undefined;
  return new RangeError(
    `the path of the Unix socket has ${bytes} octets, and this system takes ${MAX_PATH_BYTES}: take a shorter folder, or a relative path`,
  );
}

/** Removes the file of a server that is gone. Rejects when the file is no socket, or when somebody listens on it. */
export async function removeStaleSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(ifMissing);
  if (found === undefined) return;
  if (!found.isSocket()) throw new Error(`${path} is there already and is no socket; it was left as it is`);
  if (await isAnswered(path)) throw new Error(`a server listens on unix:${path} already`);
  const now = await lstat(path).catch(ifMissing);
  // Another server may have taken the place meanwhile.
  if (now !== undefined && now.ino === found.ino) await unlink(path).catch(ifMissing);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED" || error.code === "ENOENT") resolve(false);
      else reject(error);
    });
  });
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
