/** What happens when files that have changed cannot be used: somebody is told, and the process goes on. */

/** Tells `report`, or standard error when there is none or it fails itself. */
export function reportReloadError(cause: unknown, report: ((error: Error) => void) | undefined): void {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const error = new Error(`the changed TLS files cannot be used, and what was used before stays in use: ${reason}`, {
    cause,
  });
  try {
    if (report === undefined) writeToConsole(error.message);
    else report(error);
  } catch (failure) {
    writeToConsole(error.message, failure);
  }
}

function writeToConsole(message: string, ...failure: unknown[]): void {
  // biome-ignore lint/suspicious/noConsole: a certificate that is not renewed will expire, so somebody has to see it
  console.error(`heddle: ${message}`, ...failure);
}
