// Package remote is the backend's side of a Forge app. It verifies the Forge Invocation Token (FIT) of every request to a
// remote, returns its claims as Go types, and answers CORS preflights.
//
//	verifier, err := remote.FromEnv() // or remote.New("ari:cloud:ecosystem::app/…")
//	…
//	http.ListenAndServe(addr, verifier.Handler(mux))
//
// A handler wrapped in [Verifier.Handler] gets the claims from [FromContext]. It should store data by
// [Claims.InstallationID].
//
// A FIT is accepted only if it is signed with RS256 by a key of Atlassian's key set, has the issuer
// "forge/invocation-token", is for this app only, and is valid now. The key set is fetched when the first request needs it.
// All requests share it.
//
// [AppTokens] returns the OAuth tokens of a call and clients for the product's REST API. [Verifier.Once] accepts a token for
// one change only. Package remotetest makes tokens for tests. docs/remote.md lists the defaults, and the attacks that they
// prevent.
//
// An [Exchange] issues short-lived tokens of this backend to the app's own pages, in exchange for their FITs. With these, pages
// make requests themselves: with streams, aborts and binary bodies, which the product's page does not support.
//
// [ServeEvents] answers such a request with server-sent events.
//
// The package does not import the front end. It needs the standard library, go-json-experiment to read JSON, and go-jose to
// read key sets.
//
// Source: https://developer.atlassian.com/platform/forge/remote/essentials/
package remote
