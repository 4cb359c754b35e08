//go:build !js

package consent_test

import (
	"context"
	"fmt"
	"log"

	"github.com/forgego/forgego/bridge/consent"
)

func ExampleGet() {
	preferences, err := consent.Get(context.Background())
	if err != nil {
		log.Print(err) // and nothing is allowed
	}
	if !preferences.Analytics {
		fmt.Println("no analytics")
	}
	// Output: no analytics
}
