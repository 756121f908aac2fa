/** PRIORITY: deprecated; its form is checked and its content ignored. RFC 9113 section 6.3. */

export const PRIORITY_BYTES = 5;
