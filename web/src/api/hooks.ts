import createQueryClient from "openapi-react-query";
import { api } from "./client";

/** Reads as hooks; apart from the client, because the first page needs none. */
export const $api = createQueryClient(api);
