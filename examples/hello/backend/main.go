// Command backend answers the page of the Hello app. It accepts only requests with a valid Forge Invocation Token.
package main

import (
	"cmp"
	"encoding/json"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/forgego/forgego/remote"
)

func main() {
	// forgego dev sets the variables. On a server, set PORT and FORGE_APP_ID, and HOST=0.0.0.0 if other machines must reach it.
	verifier, err := remote.FromEnv()
	if err != nil {
		log.Fatal(err)
	}
	addr := net.JoinHostPort(cmp.Or(os.Getenv("HOST"), "127.0.0.1"), os.Getenv("PORT"))
	log.Fatal(http.ListenAndServe(addr, verifier.Handler(http.HandlerFunc(hello))))
}

func hello(w http.ResponseWriter, r *http.Request) {
	claims, _ := remote.FromContext(r.Context())
	_ = json.NewEncoder(w).Encode("Hello, " + r.FormValue("name") + "! Your account is " + claims.AccountID() + ".")
}
