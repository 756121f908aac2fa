/** How heddle names itself. Source: "User Agents" in https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md */

/** The package's version; a test holds it to package.json. */
export const VERSION = "0.1.0";

export const USER_AGENT: string = `grpc-node-heddle/${VERSION}`;
