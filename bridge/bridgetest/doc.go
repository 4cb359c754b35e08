// Package bridgetest is a host in memory: it stands in for the product's page, so that front-end code runs in plain
// go test, without a browser, a network or an Atlassian site.
//
//	func TestTasks(t *testing.T) {
//		host := bridgetest.NewHost(t)
//		host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
//			fmt.Fprint(w, `[{"title":"Buy milk"}]`)
//		}))
//		tasks, err := loadTasks(t.Context(), host.Client()) // the code under test takes a *bridge.Client
//		…
//	}
//
// Each remote is an [http.Handler]. Its requests carry a real Forge Invocation Token, so that the backend itself, with
// package remote in front, can be that handler: see [Host.Verifier]. All ways lead to it: RequestRemote, InvokeRemote,
// and, by [Host.DirectClient], RequestRemote with bridge.Direct, whose bodies stream. A container service is one, too, for
// InvokeService: [Host.Service].
//
// What else a page meets can be played: [Host.On] scripts the answer to a command, [Host.Fail] lets a remote or a command
// fail, [Host.Delay] has it take its time. [Host.Calls] has everything that crossed, and [Host.Golden] compares it with
// a file.
//
// Time is that of package time, so that a test in a bubble of testing/synctest waits for nothing: make the host in the
// bubble. It works under GOOS=js, too.
//
// # What it is not
//
// The host keeps to the rules that the local host keeps to (docs/host-fidelity.md): how a path joins a base URL, limits,
// the texts of refusals, which bodies are attachments, how forms are rebuilt. It is no browser: there is no CORS and no
// content security policy, and every header of an answer can be read. Test these against "forgego dev".
package bridgetest
