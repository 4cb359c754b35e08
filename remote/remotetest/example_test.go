package remotetest_test

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/forgego/forgego/remote"
	"github.com/forgego/forgego/remote/remotetest"
)

// A handler, the verifier in front of it, and two customers.
func Example() {
	issuer := remotetest.NewIssuer("ari:cloud:ecosystem::app/0b0f5d5e-8a3e-4a9c-9d5a-3f1c2b7e6a10")
	verifier, err := issuer.Verifier()
	if err != nil {
		log.Fatal(err)
	}
	handler := verifier.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := remote.FromContext(r.Context())
		fmt.Fprintf(w, "the tasks of %s", claims.InstallationID())
	}))
	for _, installation := range []string{"ari:cloud:ecosystem::installation/1", "ari:cloud:ecosystem::installation/2"} {
		r := issuer.Authorize(httptest.NewRequest("GET", "/tasks", nil), remotetest.WithInstallation(installation))
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		fmt.Println(w.Code, w.Body)
	}
	r := issuer.Authorize(httptest.NewRequest("GET", "/tasks", nil), remotetest.WithExpired())
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	fmt.Print(w.Code, " ", w.Body)
	// Output:
	// 200 the tasks of ari:cloud:ecosystem::installation/1
	// 200 the tasks of ari:cloud:ecosystem::installation/2
	// 401 {"error":"The Forge Invocation Token is not valid."}
}

// For a backend in its own process, which gets the key set's address, for example from FORGE_JWKS_URL.
func ExampleIssuer_Handler() {
	issuer := remotetest.NewIssuer("ari:cloud:ecosystem::app/0b0f5d5e-8a3e-4a9c-9d5a-3f1c2b7e6a10")
	keys := httptest.NewServer(issuer.Handler())
	defer keys.Close()
	_, err := remote.New("ari:cloud:ecosystem::app/0b0f5d5e-8a3e-4a9c-9d5a-3f1c2b7e6a10", remote.WithJWKSURL(keys.URL))
	fmt.Println(err)
	// Output: <nil>
}

func ExampleIssuer_Token() {
	issuer := remotetest.NewIssuer("ari:cloud:ecosystem::app/0b0f5d5e-8a3e-4a9c-9d5a-3f1c2b7e6a10")
	tokens := []string{
		issuer.Token(),
		issuer.Token(remotetest.WithEnvironment(remote.Production), remotetest.WithLicense(&remote.License{Active: true})),
		issuer.Token(func(f *remotetest.FIT) { f.App.Module.Key = "settings" }),
		issuer.Token(remotetest.WithClaim("aud", []string{"a", "b"})), // Atlassian sends only one
	}
	fmt.Println(len(tokens))
	// Output: 4
}
