//go:build !js

package consent_test

import (
	"errors"
	"fmt"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/consent"
)

func ExampleGet() {
	host := bridgetest.NewHost(nil) // stands in for the product
	defer host.Close()
	host.SetConsent(&consent.Preferences{StrictlyNecessary: true, Functional: true})
	ctx := host.Context(nil) // in an app, the one of wasm.Run
	preferences, err := consent.Get(ctx)
	if err != nil && !errors.Is(err, consent.ErrUnknown) {
		fmt.Println(err)
	}
	if !preferences.Analytics { // also after each error
		fmt.Println("no analytics")
	}
	// Output: no analytics
}
