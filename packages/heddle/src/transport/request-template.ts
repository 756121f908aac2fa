/** What the header blocks of all calls of one method have in common, in the form in which the engine encodes it only once. */
import { HeaderList } from "@heddle/http2";
import { requestFields, requestPseudoHeaders, type Scheme } from "../wire/request-headers.js";

export interface RequestTemplate {
  readonly path: string;
  readonly pseudoHeaders: HeaderList;
  readonly fields: HeaderList;
}

/** The fields that all methods of a channel share; see `Compressions.accepted`. */
export function createRequestFields(acceptEncoding: string): HeaderList {
  return HeaderList.template(requestFields(acceptEncoding));
}

export function createRequestTemplate(
  path: string,
  authority: string,
  scheme: Scheme,
  fields: HeaderList,
): RequestTemplate {
  return { path, pseudoHeaders: HeaderList.template(requestPseudoHeaders(path, authority, scheme)), fields };
}
