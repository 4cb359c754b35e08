// Command worker is the backend of the Tasks app on Cloudflare Workers: the same handler as the command in the folder
// above, package tasks, over D1, Cloudflare's SQLite. Compiled for this machine it builds the Worker into build/ and prints
// its size.
//
// # Deploy
//
// You need Go, Node.js, and a Cloudflare account on a paid plan. The free plan allows Workers of up to 3 MB after gzip, and
// 10 ms of processor time per request. This Worker has 3.6 MB (the build prints it) and needs 30 to 45 ms, most of them to
// start the Go program (measured in workerd on two busy cores, including its D1). In this folder:
//
//	npx wrangler d1 create tasks                        # put the database_id that it prints into wrangler.toml
//	npx wrangler d1 migrations apply tasks --remote     # makes the tables; again after each update, before deploying
//	openssl rand -base64 48 | npx wrangler secret put TASKS_KEY
//	npx wrangler deploy                                 # builds, uploads, and prints where the Worker is
//
// Before that, set FORGE_APP_ID in wrangler.toml to app.id of manifest.yml, and TASKS_URL to the remote's baseUrl there.
// These two and FORGE_ALLOWED_ORIGINS mean the same as for the command in the folder above. TASKS_KEY signs the tokens for
// direct requests. It must be a secret of at least 32 random characters. The Worker cannot make a key at its start, because
// the next request may run on another machine.
//
// # Try it here
//
//	npx wrangler d1 migrations apply tasks --local
//	npx wrangler dev --port 8787 --var TASKS_URL:http://127.0.0.1:8787 --var TASKS_KEY:$(openssl rand -hex 32) \
//		--var FORGE_JWKS_URL:http://127.0.0.1:8765/.well-known/jwks.json \
//		--var FORGE_ALLOWED_ORIGINS:http://127.0.0.1:8765,http://127.0.0.1:8766
//
// With "url: http://127.0.0.1:8787" in place of the command in forgego.yml, forgego dev calls it.
//
// # What differs from one process
//
// Each request starts the Go program again. Nothing stays in memory between requests.
//
//   - The number of files that are received at once is not limited here, because requests do not know of each other.
//     Cloudflare limits the memory itself. The quota of an installation still applies.
//   - Each event stream queries the database. So the page learns of changes up to 2 seconds late. It learns only that
//     something has changed, and then loads the list. A stream ends after 80 seconds; the page reconnects and misses
//     nothing. Each open stream keeps its program in memory, about 7 MB. Cloudflare allows 128 MB for all requests that it
//     serves in one place at once. For many listeners, use a Durable Object for the events.
//   - Nothing runs after the answer, so there is no background refresh of the key set. The key set comes from Cloudflare's
//     cache. If that copy is older than a minute, it comes from Atlassian. If Atlassian does not answer, the copy is used
//     for up to an hour. So a key that Atlassian removes is accepted for up to a minute more. For a workers.dev address
//     Cloudflare may have no cache. Then each request asks Atlassian.
//   - Each change searches for tasks that were deleted an hour ago, not once a minute. This is one more statement.
//   - Cloudflare joins headers of the same name. Two Authorization headers become one, which is refused with 401.
package main
