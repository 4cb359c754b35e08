//go:build !js

package bridgetest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/remote"
	"github.com/forgego/forgego/remote/remotetest"
)

// tasksHost returns a host for the examples.
func tasksHost(options ...bridgetest.Option) *bridgetest.Host {
	host := bridgetest.NewHost(nil, options...)
	host.Remote("tasks-api", three)
	return host
}

// invokeTasks requests the tasks with InvokeRemote.
func invokeTasks(host *bridgetest.Host) (*bridge.Response, error) {
	return bridge.InvokeRemote(bridge.NewContext(context.Background(), host.Client()), bridge.Request{Path: "/tasks"})
}

func ExampleHost_Fail() {
	host := tasksHost()
	defer host.Close()
	host.Fail("tasks-api", bridgetest.Status(503, `{"error":"come back later"}`))
	_, err := countTasks(host.Context(nil))
	fmt.Println(err)
	// Output: bridge: requestRemote "tasks-api": the remote answered 503 Service Unavailable: come back later
}

func ExampleHost_Heal() {
	host := tasksHost()
	defer host.Close()
	host.Fail("tasks-api", bridgetest.Offline())
	host.Heal("tasks-api")
	fmt.Println(countTasks(host.Context(nil)))
	// Output: 3 tasks <nil>
}

// In a bubble of testing/synctest, the test does not really wait.
func ExampleHost_Delay() {
	host := tasksHost()
	defer host.Close()
	host.Delay("tasks-api", time.Hour)
	ctx, cancel := context.WithTimeout(host.Context(nil), time.Millisecond)
	defer cancel()
	_, err := countTasks(ctx)
	fmt.Println(errors.Is(err, context.DeadlineExceeded))
	// Output: true
}

func ExampleFailure() {
	host := tasksHost()
	defer host.Close()
	for _, failure := range []bridgetest.Failure{bridgetest.Offline(), bridgetest.TimedOut(), bridgetest.Status(401, "")} {
		host.Fail("tasks-api", failure)
		_, err := invokeTasks(host)
		fmt.Println(err)
	}
	// Output:
	// bridge: invokeRemote: Invalid response from remote - remote network error
	// bridge: invokeRemote: Remote invocation timed out after 25 seconds
	// bridge: invokeRemote: Remote could not verify the Forge Invocation Token
}

func ExampleFailure_Times() {
	host := tasksHost()
	defer host.Close()
	host.Fail("tasks-api", bridgetest.Offline().Times(1))
	for range 2 {
		_, err := countTasks(host.Context(nil))
		fmt.Println(err)
	}
	// Output:
	// bridge: requestRemote "tasks-api": Failed to fetch
	// <nil>
}

func ExampleOffline() {
	host := tasksHost()
	defer host.Close()
	host.Fail("tasks-api", bridgetest.Offline())
	_, err := countTasks(host.Context(nil))
	fmt.Println(errors.Is(err, bridge.ErrNetwork))
	// Output: true
}

func ExampleHang() {
	host := tasksHost(bridgetest.WithInvokeTimeout(time.Millisecond))
	defer host.Close()
	host.Fail("tasks-api", bridgetest.Hang())
	_, err := invokeTasks(host)
	fmt.Println(err)
	// Output: bridge: invokeRemote: Remote invocation timed out after 0.001 seconds
}

func ExampleTimedOut() {
	host := tasksHost()
	defer host.Close()
	host.Fail("tasks-api", bridgetest.TimedOut())
	_, err := invokeTasks(host)
	fmt.Println(errors.Is(err, bridge.ErrTimeout))
	// Output: true
}

func ExampleStatus() {
	host := tasksHost()
	defer host.Close()
	host.Fail("tasks-api", bridgetest.Status(429, `{"error":"slow down"}`))
	_, err := countTasks(host.Context(nil))
	fmt.Println(errors.Is(err, bridge.ErrRateLimited))
	// Output: true
}

func ExampleReject() {
	host := tasksHost()
	defer host.Close()
	host.Fail("fetchRemote", bridgetest.Reject(errors.New("the user has no access")))
	_, err := countTasks(host.Context(nil))
	fmt.Println(err)
	// Output: bridge: requestRemote "tasks-api": the user has no access
}

func ExampleOption() {
	options := []bridgetest.Option{bridgetest.WithInvokeTimeout(time.Second), bridgetest.WithTokenLifetime(time.Minute)}
	host := tasksHost(options...)
	defer host.Close()
	fmt.Println(countTasks(host.Context(nil)))
	// Output: 3 tasks <nil>
}

func ExampleWithAppID() {
	const appID = "ari:cloud:ecosystem::app/0b0f5d5e-8a3e-4a9c-9d5a-3f1c2b7e6a10" // as in manifest.yml
	host := tasksHost(bridgetest.WithAppID(appID))
	defer host.Close()
	claims, err := host.Verifier().Verify(context.Background(), host.Issuer().Token())
	fmt.Println(claims.App.ID == appID, err)
	// Output: true <nil>
}

// A test that rotates keys uses its own issuer.
func ExampleWithIssuer() {
	issuer := remotetest.NewIssuer(bridgetest.DefaultAppID)
	host := bridgetest.NewHost(nil, bridgetest.WithIssuer(issuer))
	defer host.Close()
	host.Remote("tasks-api", host.Verifier().Handler(three))
	fmt.Println(countTasks(host.Context(nil)))
	issuer.SetClock(func() time.Time { return time.Now().Add(time.Hour) }) // the remote's clock is wrong
	fmt.Println(countTasks(host.Context(nil)))
	// Output:
	// 3 tasks <nil>
	//  bridge: requestRemote "tasks-api": the remote answered 401 Unauthorized: The Forge Invocation Token is not valid.
}

func ExampleWithEndpoint() {
	host := tasksHost(bridgetest.WithEndpoint("tasks-api"))
	defer host.Close()
	host.Remote("files-api", http.NotFoundHandler())
	resp, err := invokeTasks(host)
	fmt.Println(resp.Status, err)
	// Output: 200 <nil>
}

func ExampleWithClaims() {
	host := bridgetest.NewHost(nil, bridgetest.WithClaims(remotetest.WithLicense(&remote.License{Active: true})))
	defer host.Close()
	host.Remote("tasks-api", host.Verifier().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := remote.FromContext(r.Context())
		fmt.Fprint(w, "licensed: ", claims.App.License.Active, ", 3")
	})))
	fmt.Println(countTasks(host.Context(nil)))
	// Output: licensed: true, 3 tasks <nil>
}

func ExampleHost_SetClaims() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.Remote("tasks-api", host.Verifier().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := remote.FromContext(r.Context())
		fmt.Fprint(w, claims.AccountID(), " has 3")
	})))
	for _, account := range []string{"account-1", "account-2"} {
		host.SetClaims(remotetest.WithAccount(account))
		fmt.Println(countTasks(host.Context(nil)))
	}
	// Output:
	// account-1 has 3 tasks <nil>
	// account-2 has 3 tasks <nil>
}

func ExampleWithTokenLifetime() {
	host := bridgetest.NewHost(nil, bridgetest.WithTokenLifetime(time.Minute))
	defer host.Close()
	host.Remote("tasks-api", host.Verifier().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := remote.FromContext(r.Context())
		fmt.Fprint(w, claims.ExpiresAt.Sub(claims.IssuedAt), ", 3")
	})))
	fmt.Println(countTasks(host.Context(nil)))
	// Output: 1m0s, 3 tasks <nil>
}

func ExampleWithInvokeTimeout() {
	host := bridgetest.NewHost(nil, bridgetest.WithInvokeTimeout(time.Millisecond))
	defer host.Close()
	host.Remote("tasks-api", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	_, err := invokeTasks(host)
	fmt.Println(err)
	// Output: bridge: invokeRemote: Remote invocation timed out after 0.001 seconds
}

func ExampleWithReport() {
	reported := make(chan bool, 1)
	host := bridgetest.NewHost(nil, bridgetest.WithReport(func(string) { reported <- true }))
	defer host.Close()
	host.Remote("tasks-api", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a bug") }))
	_, err := countTasks(host.Context(nil))
	fmt.Println(err, <-reported)
	// Output: bridge: requestRemote "tasks-api": Failed to fetch true
}

func ExampleWithBaseURL() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.Remote("tasks-api", http.StripPrefix("/api", three), bridgetest.WithBaseURL("https://tasks.example.com/api"))
	fmt.Println(countTasks(host.Context(nil)))
	// Output: 3 tasks <nil>
}

func ExampleRemoteOption() {
	options := []bridgetest.RemoteOption{bridgetest.WithBaseURL("https://tasks.example.com")}
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.Remote("tasks-api", three, options...)
	_, err := bridge.RequestRemote(host.Context(nil, bridge.WithDirect(bridge.HostTokens())), "tasks-api", bridge.Request{Path: "/tasks"})
	fmt.Println(err, host.Calls()[1].Remote)
	// Output: <nil> tasks-api
}
