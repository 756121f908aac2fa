/** Serves the catalogue. */
import { createServer } from "heddle";
import { readOptions, serverOptions } from "../shared/options.js";
import { serve } from "../shared/serve.js";
import { ProductService } from "./gen/product_pb.js";
import { productHandlers } from "./product-service.js";

const options = readOptions(serverOptions);

await serve(createServer().add(ProductService, productHandlers), options);
