// Command backend answers the page of the Hello app. It accepts only requests with a valid Forge Invocation Token.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"

	"github.com/forgego/forgego/remote"
)

func main() {
	// forgego dev sets the variables. On a server, set PORT and FORGE_APP_ID.
	verifier, err := remote.FromEnv()
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), verifier.Handler(http.HandlerFunc(hello))))
}

func hello(w http.ResponseWriter, r *http.Request) {
	claims, _ := remote.FromContext(r.Context())
	_ = json.NewEncoder(w).Encode("Hello, " + r.FormValue("name") + "! Your account is " + claims.AccountID() + ".")
}
