/**
 * The first octet of each representation in a header block: its pattern, and the mask of the integer's prefix in the bits
 * below. RFC 7541 section 6.
 */

/** Section 6.1. */
export const INDEXED = 0x80;
export const INDEXED_MASK = 0x7f;

/** Section 6.2.1. */
export const LITERAL_WITH_INDEXING = 0x40;
export const LITERAL_WITH_INDEXING_MASK = 0x3f;

/** Section 6.3. */
export const SIZE_UPDATE = 0x20;
export const SIZE_UPDATE_MASK = 0x1f;

/** Section 6.2.3. */
export const LITERAL_NEVER_INDEXED = 0x10;
/** Section 6.2.2. */
export const LITERAL_WITHOUT_INDEXING = 0x00;
/** Of both literals that are not indexed. */
export const LITERAL_MASK = 0x0f;
