// Command worker is the backend of the Tasks app on Cloudflare Workers: the same handler as the command in the folder
// above, package tasks, over D1, Cloudflare's SQLite. Compiled for this machine it builds the Worker into build/ and prints
// its size.
//
// # Deploy
//
// It needs Go, Node.js, and an account with Cloudflare, on a paid plan: the free one takes Workers of 3 MB by gzip and gives
// a request 10 ms of processor time. This Worker has 3.6 MB (the build prints it) and needs 30 to 45 ms, most of them to
// start the Go program (measured in workerd on two busy cores, its D1 included). In this folder:
//
//	npx wrangler d1 create tasks                        # put the database_id that it prints into wrangler.toml
//	npx wrangler d1 migrations apply tasks --remote     # makes the tables; again after each update, before deploying
//	openssl rand -base64 48 | npx wrangler secret put TASKS_KEY
//	npx wrangler deploy                                 # builds, uploads, and prints where the Worker is
//
// Before that, set FORGE_APP_ID and TASKS_URL in wrangler.toml to app.id and to the remote's baseUrl of manifest.yml. With
// FORGE_ALLOWED_ORIGINS they mean what they mean to the command in the folder above. TASKS_KEY signs the tokens for direct
// requests. It has to be a secret of yours, of at least 32 random characters: a Worker's request may meet another machine
// than the one before, so that no key can be made up at the start.
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
//   - How many files are received at once is not limited here: no request knows of the others. Cloudflare limits its
//     memory itself. The quota of an installation holds.
//   - The page hears of changes up to 2 seconds late and is told only that there were some, upon which it loads the list:
//     each event stream asks the database. A stream ends after 80 seconds and the page comes back, missing nothing. Each
//     keeps its program in memory meanwhile, some 7 MB; Cloudflare gives 128 MB to all requests that it serves in one
//     place at once. Where many listen, have a Durable Object carry the events.
//   - Nothing is done after the answer: there is no background refresh of the key set. It comes from Cloudflare's cache,
//     from Atlassian if that copy is older than a minute, and from the copy all the same, for up to an hour, if Atlassian
//     does not answer. So a key that Atlassian takes back is accepted for up to a minute more. In front of a workers.dev
//     address Cloudflare may have no cache; each request asks Atlassian then.
//   - What was deleted an hour ago is looked for with each change, not once a minute: one statement more.
//   - Headers come joined by Cloudflare, not apart: two Authorization headers are one that is refused with 401.
package main
