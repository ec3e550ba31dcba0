// The Node side of `cargo xtask performance`: what our functions do at their start and for
// `GET /api/health` and `GET /api/auth/me` without a session, as one would write it in Node.
//
// With AWS_SDK naming a folder that holds the SDK, its client of the table is made at the start,
// as ours is; without it the peer is lighter than any real one would be.
import { createRequire } from "node:module";
import http from "node:http";

const host = process.env.AWS_LAMBDA_RUNTIME_API;
const agent = new http.Agent({ keepAlive: true });

if (process.env.AWS_SDK) {
  const { DynamoDBClient } = createRequire(process.env.AWS_SDK + "/")("@aws-sdk/client-dynamodb");
  globalThis.table = new DynamoDBClient({ endpoint: process.env.AWS_ENDPOINT_URL });
}

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const options = { method, path, agent, host: host.split(":")[0], port: host.split(":")[1] };
    const request = http.request(options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part) => (text += part));
      response.on("end", () => resolve({ headers: response.headers, text }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

function handle(event) {
  const path = event.rawPath;
  const [statusCode, body] =
    path === "/api/health"
      ? [200, { status: "ok", deployment: process.env.INTERLOCK_DEPLOYMENT }]
      : [401, { type: "urn:interlock:problem:unauthenticated", status: 401 }];
  return {
    statusCode,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
    body: JSON.stringify(body),
  };
}

for (;;) {
  const next = await call("GET", "/2018-06-01/runtime/invocation/next");
  const id = next.headers["lambda-runtime-aws-request-id"];
  const answer = JSON.stringify(handle(JSON.parse(next.text)));
  await call("POST", `/2018-06-01/runtime/invocation/${id}/response`, answer);
}
