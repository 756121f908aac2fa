/** What anything that was thrown says of itself, for the message of the error that it causes. Never throws. */
export function textOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  // What is no error may be an object that cannot be made a string.
  return typeof thrown === "object" && thrown !== null ? "an object was thrown that is no Error" : String(thrown);
}
