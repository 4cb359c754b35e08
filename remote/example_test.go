package remote_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/forgego/forgego/remote"
)

const appID = "ari:cloud:ecosystem::app/0b0f5d5e-8a3e-4a9c-9d5a-3f1c2b7e6a10"

// A whole remote with the standard mux: the health check stands beside the verifier, all the rest behind it.
func Example() {
	verifier, err := remote.New(os.Getenv("FORGE_APP_ID"))
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

// What the product's page and a stranger get from a remote.
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

// Verify by itself, for a framework that does not use http.Handler.
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

// A verifier for tokens of the local host, whose keys and product page are on loopback.
func ExampleNew_local() {
	_, err := remote.New(appID,
		remote.WithJWKSURL("http://127.0.0.1:8080/.well-known/jwks.json"),
		remote.WithAllowedOrigins("http://127.0.0.1:8080"),
	)
	fmt.Println(err)
	// Output: <nil>
}

// A handler is tested without a token: give it the claims.
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

// A backend whose pages make their requests themselves: they get a token at /token for their FIT, and use it for the rest.
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
	// Output: 401 {"error":"This request needs a Forge Invocation Token, or a token given for one, as its bearer token."}
}
