/** The path of a method on the wire. Source: "Path" in https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md */
import type { DescMethod } from "@bufbuild/protobuf";

/** `/package.Service/Method`, by the names of the `.proto` file and case-sensitive. */
export function pathOf(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}
