/** One room for everyone who comes. */
import { createServer } from "heddle";
import { readOptions, serverOptions } from "../shared/options.js";
import { serve } from "../shared/serve.js";
import { createChatHandlers } from "./chat-service.js";
import { Chat } from "./gen/chat_pb.js";
import { Room } from "./room.js";

const options = readOptions(serverOptions);
const room = new Room();

// A member's call lasts as long as the member stays, so the room has to be closed for the server to stop.
await serve(createServer().add(Chat, createChatHandlers(room)), options, () => room.close());
