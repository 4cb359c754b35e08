// Package remotetest makes Forge Invocation Tokens for the tests of a backend that uses package remote, and the key set that
// verifies them. It needs no network and no Atlassian site, works in a bubble of testing/synctest, and under GOOS=js.
//
//	issuer := remotetest.NewIssuer(appID)
//	verifier, err := issuer.Verifier()
//	…
//	handler := verifier.Handler(mux)
//	r := httptest.NewRequest("GET", "/tasks", nil)
//	r.Header.Set("Authorization", "Bearer "+issuer.Token())
//	handler.ServeHTTP(w, r)
//
// For a program that is another process, serve [Issuer.Handler] on a loopback address and point the program to it with
// remote.WithJWKSURL.
//
// A handler by itself is tested without any token: see remote.NewContext.
package remotetest
