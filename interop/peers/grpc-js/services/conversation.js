/** The services that answer one text with another. */

const PREFIX = "Hello Server Sending you the ";

export const greeter = {
  sayHello({ request }, callback) {
    callback(null, { message: `Hello, ${request.name}! Welcome to gRPC.` });
  },
};

export const unary = {
  getServerResponse({ request }, callback) {
    const message = `Hello I am up and running. Received ‘${request.message}’ message from you`;
    callback(null, { message, received: true });
  },
};

export const bidirectional = {
  /** Answers each message while the client is still sending. */
  getServerResponse(call) {
    call.on("data", ({ message }) => {
      const what = message.startsWith(PREFIX) ? message.slice(PREFIX.length) : message;
      call.write({ message: `Hello from the server received your ${what}` });
    });
    call.on("end", () => call.end());
  },
};
