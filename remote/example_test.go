package remote_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/forgego/forgego/remote"
	"github.com/forgego/forgego/remote/remotetest"
)

const appID = "ari:cloud:ecosystem::app/0b0f5d5e-8a3e-4a9c-9d5a-3f1c2b7e6a10"

// A complete remote with the standard mux. The health check needs no token. Everything else is behind the verifier.
func Example() {
	verifier, err := remote.FromEnv()
	if err != nil {
		log.Fatal(err)
	}

	api := http.NewServeMux()
	api.HandleFunc("GET /whoami", func(w http.ResponseWriter, r *http.Request) {
		claims, _ := remote.FromContext(r.Context())
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]string{
			"installation": claims.InstallationID(),
			"account":      claims.AccountID(),
		})
	})

	root := http.NewServeMux()
	root.Handle("/", verifier.Handler(api))
	root.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })

	server := &http.Server{Addr: ":8787", Handler: root, ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.ListenAndServe())
}

// A remote's answers to the product's page and to a stranger.
func ExampleVerifier_Handler() {
	verifier, err := remote.New(appID)
	if err != nil {
		log.Fatal(err)
	}
	handler := verifier.Handler(http.NotFoundHandler())

	preflight := httptest.NewRequest(http.MethodOptions, "/tasks", nil)
	preflight.Header.Set("Origin", "https://acme.atlassian.net")
	preflight.Header.Set("Access-Control-Request-Method", "POST")
	preflight.Header.Set("Access-Control-Request-Headers", "authorization,idempotency-key")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, preflight)
	fmt.Println(w.Code, w.Header().Get("Access-Control-Allow-Headers"))

	stranger := httptest.NewRequest(http.MethodGet, "/tasks", nil)
	w = httptest.NewRecorder()
	handler.ServeHTTP(w, stranger)
	fmt.Print(w.Code, " ", w.Body)
	// Output:
	// 204 authorization, content-type, idempotency-key
	// 401 {"error":"This request needs a Forge Invocation Token as its bearer token."}
}

// Use Verify directly in a framework that does not use http.Handler.
func ExampleVerifier_Verify() {
	verifier, err := remote.New(appID)
	if err != nil {
		log.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/tasks", nil)
	_, err = verifier.Verify(r.Context(), "not a token")
	switch {
	case errors.Is(err, remote.ErrUnavailable):
		fmt.Println("503: the key set cannot be fetched")
	case errors.Is(err, remote.ErrExpired):
		fmt.Println("401: expired")
	case err != nil:
		fmt.Println("401:", err)
	}
	// Output: 401: remote: verify: malformed token: not three parts
}

// A backend with customers' data that serves two apps. It refuses calls from a developer's own environment.
func ExampleNew() {
	const secondApp = "ari:cloud:ecosystem::app/c6f1a3b2-1111-4222-8333-944455556666"
	_, err := remote.New(appID,
		remote.WithApps(secondApp),
		remote.WithEnvironments(remote.Production, remote.Staging),
		remote.WithExposedHeaders("X-Total-Count"),
	)
	fmt.Println(err)
	// Output: <nil>
}

// The template and the labels come from Atlassian.
func ExampleWithIsolatedClouds() {
	_, err := remote.New(appID, remote.WithIsolatedClouds("https://keys.{IC_LABEL}.example.net/jwks.json"))
	fmt.Println(err)
	_, err = remote.New(appID, remote.WithIsolatedClouds("https://keys.{IC_LABEL}.net/jwks.json"))
	fmt.Println(err)
	_, err = remote.New(appID, remote.WithIsolatedClouds("https://keys.{IC_LABEL}.net/jwks.json", "orange"))
	fmt.Println(err)
	// Output:
	// <nil>
	// remote: new: template of isolated clouds "https://keys.{IC_LABEL}.net/jwks.json": lets the label choose the domain, which anybody can register; list the labels to accept
	// <nil>
}

// A call that moves money is accepted only once per token. The page must make it with invokeRemote.
func ExampleVerifier_Once() {
	issuer := remotetest.NewIssuer(appID)
	verifier, err := issuer.Verifier()
	if err != nil {
		log.Fatal(err)
	}
	api := http.NewServeMux()
	api.Handle("POST /transfer", verifier.Once(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	})))
	handler := verifier.Handler(api)

	token := issuer.Token()
	for range 2 {
		r := httptest.NewRequest(http.MethodPost, "/transfer", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		fmt.Println(w.Code)
	}
	// Output:
	// 204
	// 401
}

// A handler calls the product's API as the user who made the request.
func ExampleAppTokens() {
	http.HandleFunc("GET /profile", func(w http.ResponseWriter, r *http.Request) {
		tokens := remote.AppTokens(r)
		call, err := http.NewRequestWithContext(r.Context(), http.MethodGet, tokens.APIBaseURL+"/rest/api/3/myself", nil)
		if err != nil {
			http.Error(w, `{"error":"no API"}`, http.StatusBadGateway)
			return
		}
		resp, err := tokens.AsUser(nil).Do(call)
		if errors.Is(err, remote.ErrNoAppToken) {
			http.Error(w, `{"error":"call this with invokeRemote"}`, http.StatusForbidden)
			return
		}
		if err != nil {
			http.Error(w, `{"error":"the product does not answer"}`, http.StatusBadGateway)
			return
		}
		defer resp.Body.Close()
		w.Header().Set("Content-Type", "application/json")
		io.Copy(w, resp.Body)
	})
}

// Printing the claims does not print the token.

func ExampleTraceOf() {
	r := httptest.NewRequest(http.MethodGet, "/tasks", nil)
	r.Header.Set("x-b3-traceid", "a523b7549f0b88c9")
	fmt.Println(remote.TraceOf(r).TraceID)
	// Output: a523b7549f0b88c9
}

func ExampleClaims_License() {
	claims := &remote.Claims{App: remote.App{Environment: remote.Environment{Type: remote.Production}}}
	if l := claims.License(); claims.Environment() == remote.Production && (l == nil || !l.Active) {
		fmt.Println("403: this app needs a license")
	}
	// Output: 403: this app needs a license
}

// Raw has all claims, including those without a field.
func ExampleClaims_raw() {
	issuer := remotetest.NewIssuer(appID)
	verifier, err := issuer.Verifier()
	if err != nil {
		log.Fatal(err)
	}
	claims, err := verifier.Verify(context.Background(), issuer.Token(remotetest.WithClaim("plan", "large")))
	if err != nil {
		log.Fatal(err)
	}
	var more struct{ Plan string }
	if err := json.Unmarshal(claims.Raw, &more); err != nil {
		log.Fatal(err)
	}
	fmt.Println(more.Plan)
	// Output: large
}

// forgego dev sets these variables, and FORGE_JWKS_URL and FORGE_ALLOWED_ORIGINS.
func ExampleFromEnv() {
	os.Setenv("FORGE_APP_ID", appID)
	os.Setenv("FORGE_REMOTE_URL", "https://tasks.example.com")
	defer os.Unsetenv("FORGE_APP_ID")
	defer os.Unsetenv("FORGE_REMOTE_URL")

	verifier, err := remote.FromEnv(remote.WithEnvironments(remote.Production))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(verifier.BaseURL())
	// Output: https://tasks.example.com
}

// A test of a handler needs no token: it passes the claims.
func ExampleNewContext() {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := remote.FromContext(r.Context())
		fmt.Fprint(w, "Hello ", claims.AccountID())
	})
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	ctx := remote.NewContext(r.Context(), &remote.Claims{Principal: "5b10a2844c20165700ede21g"})
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r.WithContext(ctx))
	fmt.Println(w.Body)
	// Output: Hello 5b10a2844c20165700ede21g
}

// A backend whose pages send requests directly. They exchange their FIT for a token at /token, and send that with all
// other requests.
func ExampleNewExchange() {
	verifier, err := remote.New(appID, remote.WithAllowedOrigins("https://app-page.example.com"))
	if err != nil {
		log.Fatal(err)
	}
	exchange, err := remote.NewExchange(verifier, map[string]string{"tasks-api": "https://tasks.example.com"})
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/token", exchange)
	mux.HandleFunc("GET /tasks/events", func(w http.ResponseWriter, r *http.Request) {
		claims, _ := remote.FromContext(r.Context())
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprintf(w, "data: %s\n\n", claims.InstallationID())
		http.NewResponseController(w).Flush()
	})
	handler := exchange.Handler(mux)

	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/tasks/events", nil))
	fmt.Print(w.Code, " ", w.Body)
	// Output: 401 {"error":"This request needs a Forge Invocation Token, or a token issued for one, as its bearer token."}
}
