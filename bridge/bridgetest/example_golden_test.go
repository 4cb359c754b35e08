//go:build !js

package bridgetest_test

import (
	"fmt"
	"testing"

	"github.com/forgego/forgego/bridge/bridgetest"
)

// In a test, UPDATE_GOLDEN=1 go test writes the file.
func ExampleHost_Golden() {
	test := func(t *testing.T) {
		host := bridgetest.NewHost(t)
		host.Remote("tasks-api", three)
		if _, err := countTasks(host.Context(t)); err != nil {
			t.Error(err)
		}
		host.Golden(t, "testdata/counttasks.golden")
	}
	fmt.Println(testing.RunTests(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{{Name: "TestCountTasks", F: test}}))
	// Output: true
}
