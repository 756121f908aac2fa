/** What the header blocks of all calls of one method have in common, in the form in which the engine encodes it only once. */
import { HeaderList } from "@heddle/http2";
import { REQUEST_FIELDS, requestPseudoHeaders, type Scheme } from "../wire/request-headers.js";

export interface RequestTemplate {
  readonly path: string;
  readonly pseudoHeaders: HeaderList;
  readonly fields: HeaderList;
}

const FIELDS = HeaderList.template(REQUEST_FIELDS);

export function createRequestTemplate(path: string, authority: string, scheme: Scheme): RequestTemplate {
  return { path, pseudoHeaders: HeaderList.template(requestPseudoHeaders(path, authority, scheme)), fields: FIELDS };
}
