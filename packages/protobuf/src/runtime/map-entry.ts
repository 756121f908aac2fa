/**
 * Sets entries of maps, which are plain objects.
 *
 * The key `__proto__` becomes an entry like any other; it never reaches the object's prototype. (`@bufbuild/protobuf` assigns
 * it, which loses the entry or changes the prototype of that one object.)
 */
export function setEntry(map: object, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(map, key, { value, configurable: true, enumerable: true, writable: true });
  } else {
    (map as Record<string, unknown>)[key] = value;
  }
}

/** The number that the property name of a map with a numeric key stands for; the name itself if it is not a number. */
export function numericKey(key: string): number | string {
  const number = Number.parseInt(key, 10);
  return Number.isFinite(number) ? number : key;
}
