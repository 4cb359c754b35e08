// Package remotetest makes Forge Invocation Tokens for the tests of a backend that uses package remote, and the key set to
// verify them. It needs no network and no Atlassian site. It works in a testing/synctest bubble and under GOOS=js.
//
//	issuer := remotetest.NewIssuer(appID)
//	verifier, err := issuer.Verifier()
//	…
//	handler := verifier.Handler(mux)
//	r := httptest.NewRequest("GET", "/tasks", nil)
//	r.Header.Set("Authorization", "Bearer "+issuer.Token())
//	handler.ServeHTTP(w, r)
//
// To test a program in another process, serve [Issuer.Handler] on a loopback address and pass its URL to the program for
// remote.WithJWKSURL.
//
// To test a handler without a token, see remote.NewContext.
package remotetest
