//go:build !js

package consent_test

import (
	"context"
	"fmt"

	"github.com/forgego/forgego/bridge/consent"
)

func ExampleGet() {
	preferences := consent.Get(context.Background())
	if preferences == nil || !preferences.Analytics {
		fmt.Println("no analytics")
	}
	// Output: no analytics
}
