// Package remote is the backend's side of a Forge app: it verifies the Forge Invocation Token (FIT) that comes with
// every request to a remote, gives its claims as Go types, and answers the browser's CORS questions.
//
//	verifier, err := remote.New("ari:cloud:ecosystem::app/…")
//	…
//	http.ListenAndServe(addr, verifier.Handler(mux))
//
// A handler behind [Verifier.Handler] finds the claims with [FromContext] and keys what it stores by
// [Claims.InstallationID].
//
// A FIT is accepted only if it is signed with RS256 by a key of Atlassian's key set, comes from the issuer
// "forge/invocation-token", is meant for this app and no other, and is valid now. The key set is fetched when the first
// request needs it, once, and shared by all requests.
//
// [AppTokens] gives the OAuth tokens that came with a call and a client for the product's REST API; [Verifier.Once] accepts a
// token for one change only; package remotetest makes tokens for tests. docs/remote.md tells what is on by default and which
// attacks that answers.
//
// An [Exchange] gives the app's own pages short-lived tokens of this backend for their FITs, with which they make requests
// themselves: streams, aborts and binary bodies, which the product's page has not.
//
// The package does not import the front end. It needs the standard library, go-json-experiment to read JSON, and go-jose to read
// key sets.
//
// Source: developer.atlassian.com/platform/forge/remote/essentials/
package remote
