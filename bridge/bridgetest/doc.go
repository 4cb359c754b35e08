// Package bridgetest provides an in-memory host. It replaces the product's page, so that front-end code runs in plain
// go test, without a browser, a network or an Atlassian site.
//
//	func TestTasks(t *testing.T) {
//		host := bridgetest.NewHost(t)
//		host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
//			fmt.Fprint(w, `[{"title":"Buy milk"}]`)
//		}))
//		tasks, err := loadTasks(host.Context(t)) // the code under test uses the package functions of bridge
//		…
//	}
//
// Each remote is an [http.Handler]. Its requests carry a real Forge Invocation Token, so the handler can be the real
// backend, with package remote in front: see [Host.Verifier]. RequestRemote, InvokeRemote and direct requests all call it.
// For direct requests, whose bodies stream, use host.Context(t, bridge.WithDirect(bridge.HostTokens())).
// A container service is an http.Handler too, for InvokeService: see [Host.Service].
//
// The host carries out every command of the bridge. A command whose answer the test must prepare fails until then, and says
// how to prepare it.
//
// # The methods of Host by topic
//
//   - the client of the code under test: [Host.Context], [Host.Client], [Host.Window] for further windows, [Host.Fetcher]
//   - backends: [Host.Remote], [Host.Service], [Host.Product], [Host.OnFunction], [Host.OnGraph], [Host.ObjectStore]
//   - tokens: [Host.Verifier], [Host.Issuer], [Host.SetClaims]
//   - where the app is shown: [Host.SetContext], [Host.SetModule], [Host.SetLocale], [Host.SetTheme],
//     [Host.SetTranslations]
//   - what the app may do: [Host.SetPermissions], [Host.SetAdmin], [Host.SetConsent], [Host.SetFeatureFlags], [Host.SetRovo]
//   - what the user sees and does: [Host.Flags], [Host.Dialog], [Host.OnDialog], [Host.OnQuestion], [Host.Navigations]
//   - Jira: [Host.IssueDialog], [Host.SetForm], [Host.SetFieldValue], [Host.SaveWorkflowRule]
//   - Confluence: [Host.SetEditorContent], [Host.SetMacroContent], [Host.MacroContent], [Host.MacroHeight]
//   - dashboards: [Host.Widget]
//   - faults: [Host.Fail], [Host.Heal], [Host.Delay]
//   - commands with a script: [Host.On], [Host.OnWithFunctions]
//   - what happened: [Host.Calls], [Host.Count], [Host.Reset], [Host.Golden], [Host.WriteCalls], [Host.Metrics]
//   - for package bridge: [Host.Call], [Host.Start], [Host.CallWithFunctions]; [Host.Close] for examples, which have no test
//
// The host uses package time, so a test in a bubble of testing/synctest does not wait: create the host inside the
// bubble. The package also works under GOOS=js.
//
// # Limits
//
// The host follows the same rules as the local host (docs/host-fidelity.md): how a path joins a base URL, limits, the
// texts of refusals, which bodies are attachments, how forms are rebuilt, what each command answers. It does not read
// manifest.yml: tell it what matters, for example by [WithResources] and [Host.SetPermissions]. It is not a browser: it
// has no CORS and no content security policy, every header of a response can be read, and lengths of CSS are checked
// roughly. Test these with "forgego dev".
package bridgetest
