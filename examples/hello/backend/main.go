// Command backend answers the page of the Hello app. It accepts only requests with a valid Forge Invocation Token.
package main

import (
	"encoding/json"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/forgego/forgego/remote"
)

func main() {
	// forgego dev sets the variables. On a server, set PORT and FORGE_APP_ID; without HOST, all addresses are served.
	verifier, err := remote.FromEnv()
	if err != nil {
		log.Fatal(err)
	}
	addr := net.JoinHostPort(os.Getenv("HOST"), os.Getenv("PORT"))
	log.Fatal(http.ListenAndServe(addr, verifier.Handler(http.HandlerFunc(hello))))
}

func hello(w http.ResponseWriter, r *http.Request) {
	claims, _ := remote.FromContext(r.Context())
	_ = json.NewEncoder(w).Encode("Hello, " + r.FormValue("name") + "! Your account is " + claims.AccountID() + ".")
}
