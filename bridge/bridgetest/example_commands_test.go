//go:build !js

package bridgetest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/consent"
	"github.com/forgego/forgego/bridge/featureflags"
	"github.com/forgego/forgego/bridge/flag"
	"github.com/forgego/forgego/bridge/i18n"
	"github.com/forgego/forgego/bridge/metrics"
	"github.com/forgego/forgego/bridge/modal"
	"github.com/forgego/forgego/bridge/objectstore"
	"github.com/forgego/forgego/bridge/permissions"
	"github.com/forgego/forgego/bridge/product"
	"github.com/forgego/forgego/bridge/realtime"
	"github.com/forgego/forgego/bridge/router"
	"github.com/forgego/forgego/bridge/rovo"
	"github.com/forgego/forgego/bridge/view"
)

// A flag that the app shows, and its button.
func ExampleHost_Flags() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	undone := make(chan bool)
	_, err := flag.Show(host.Context(nil), flag.Flag{ID: "deleted", Title: "Task deleted", Type: flag.Success, Actions: []flag.Action{
		{Text: "Undo", OnClick: func(context.Context) error { close(undone); return nil }},
	}})
	fmt.Println(err)

	shown := host.Flags()[0]
	fmt.Println(shown.Type, shown.Title, shown.Actions)
	shown.Click("Undo")
	<-undone
	// Output:
	// <nil>
	// success Task deleted [Undo]
}

// The user removes a flag.
func ExampleFlag_Dismiss() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	_, err := flag.Show(host.Context(nil), flag.Flag{ID: "saved", Title: "Saved"})
	fmt.Println(len(host.Flags()), err)
	host.Flags()[0].Dismiss()
	fmt.Println(len(host.Flags()))
	// Output:
	// 1 <nil>
	// 0
}

// An answer to a dialog. The code that asks runs in another goroutine.
func ExampleHost_Dialog() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	ctx := host.Context(nil)
	answer := make(chan bool)
	go func() {
		yes, err := modal.Ask[bool](ctx, modal.Modal{Resource: "confirm", Title: "Delete the task?"})
		if err != nil {
			fmt.Println(err)
		}
		answer <- yes
	}()
	dialog := host.Dialog(nil)
	fmt.Println(dialog.Resource, dialog.Title)
	dialog.Submit(true)
	fmt.Println(<-answer)
	// Output:
	// confirm Delete the task?
	// true
}

// An answer that is prepared before the app opens the dialog.
func ExampleHost_OnDialog() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.OnDialog(func(d *bridgetest.Dialog) { d.Submit("high") })
	priority, err := modal.Ask[string](host.Context(nil), modal.Modal{Resource: "priority"})
	fmt.Println(priority, err)
	// Output: high <nil>
}

// The code of the page in a dialog.
func ExampleDialog_Window() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	closed := make(chan string, 1)
	err := modal.Open(host.Context(nil), modal.Modal{Resource: "edit", Context: map[string]int{"task": 42}},
		modal.WithOnClose(func(_ context.Context, value string, err error) error { closed <- value; return err }))
	fmt.Println(err)

	ctx := host.Dialog(nil).Window().Context(nil)
	task, err := modal.GetContext[struct{ Task int }](ctx)
	fmt.Println(task.Task, err)
	fmt.Println(view.Close(ctx, "saved"))
	fmt.Println(<-closed)
	// Output:
	// <nil>
	// 42 <nil>
	// <nil>
	// saved
}

// Where the app has sent its user.
func ExampleHost_Navigations() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	err := router.Open(host.Context(nil), router.Issue{IssueKey: "TASK-7"})
	fmt.Println(host.Navigations(), err)
	// Output: [{https://example.atlassian.net/browse/TASK-7 true false}] <nil>
}

// A user who does not want to leave the site.
func ExampleHost_OnQuestion() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.OnQuestion(func(question, detail string) bool {
		fmt.Println(question, detail)
		return false
	})
	err := router.Navigate(host.Context(nil), router.URL("https://example.com/"))
	fmt.Println(err)
	// Output:
	// The app wants to open another site. https://example.com/
	// bridge: router.navigate: The user declined to open the link.
}

// Another place, and another user.
func ExampleHost_SetContext() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.SetContext(map[string]any{"accountId": "account-2", "extension": map[string]any{"issue": map[string]any{"key": "TASK-7"}}})
	here, err := view.GetContext(host.Context(nil))
	if err != nil {
		fmt.Println(err)
		return
	}
	var issue struct{ Key string }
	_, err = here.Extension.Decode("issue", &issue)
	fmt.Println(here.AccountID, issue.Key, err)
	// Output: account-2 TASK-7 <nil>
}

// Another module, in an example of its place.
func ExampleHost_SetModule() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.SetModule("settings", "jira:projectSettingsPage")
	here, err := view.GetContext(host.Context(nil))
	if err != nil {
		fmt.Println(err)
		return
	}
	var project struct{ Key string }
	_, err = here.Extension.Decode("project", &project)
	fmt.Println(here.ModuleKey, here.Extension.Type, project.Key, err)
	// Output: settings jira:projectSettingsPage DEMO <nil>
}

func ExampleHost_SetLocale() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.SetLocale("de-DE")
	here, err := view.GetContext(host.Context(nil))
	fmt.Println(here.Locale, err)
	// Output: de-DE <nil>
}

func ExampleHost_SetTheme() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.SetTheme("dark")
	here, err := view.GetContext(host.Context(nil))
	fmt.Println(here.Theme.ColorMode, err)
	// Output: dark <nil>
}

// Two users who see each other's changes.
func ExampleHost_Window() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	ana, ben := host.Window("ana").Context(nil), host.Window("ben").Context(nil)
	heard := make(chan string)
	stop, err := realtime.Subscribe(ben, "tasks", func(_ context.Context, title string, err error) error { heard <- title; return err })
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stop()
	_, err = realtime.Publish(ana, "tasks", "Buy milk")
	fmt.Println(<-heard, err)
	// Output: Buy milk <nil>
}

// Another user in another window. The backend sees the user in the tokens.
func ExampleWindow_SetContext() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	ben := host.Window("ben")
	ben.SetContext(map[string]string{"accountId": "ben"})
	here, err := view.GetContext(ben.Context(nil))
	fmt.Println(here.AccountID, err)
	// Output: ben <nil>
}

// A value that a field submits.
func ExampleWindow_Submitted() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	err := view.Submit(host.Context(nil), map[string]string{"team": "Forge"})
	fmt.Printf("%s %v\n", host.Window("").Submitted(), err)
	// Output: [{"team":"Forge"}] <nil>
}

// The user closes the view.
func ExampleWindow_Close() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	saved := make(chan bool)
	_, err := view.OnClose(host.Context(nil), func(context.Context) error { close(saved); return nil })
	fmt.Println(err)
	host.Window("").Close()
	<-saved
	_, closed := host.Window("").Closed()
	fmt.Println(closed)
	// Output:
	// <nil>
	// true
}

// The app's history, and the browser's button to go back.
func ExampleWindow_Go() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	ctx := host.Context(nil)
	history, err := view.NewHistory(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer history.Close()
	fmt.Println(history.Push(ctx, "/tasks/7", nil), host.Window("").Location())
	fmt.Println(host.Window("").Go(-1), host.Window("").Location())
	// Output:
	// <nil> /tasks/7
	// <nil> /
}

// Jira's REST API.
func ExampleHost_Product() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	jira := http.NewServeMux()
	jira.HandleFunc("GET /rest/api/3/issue/{key}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"key":%q}`, r.PathValue("key"))
	})
	host.Product("jira", jira)
	issue, err := bridge.Get[struct{ Key string }](host.Context(nil), bridge.RequestJira, "/rest/api/3/issue/TASK-7")
	fmt.Println(issue.Key, err)

	_, err = bridge.Get[any](host.Context(nil), bridge.RequestConfluence, "/wiki/api/v2/pages")
	fmt.Println(err)
	// Output:
	// TASK-7 <nil>
	// bridge: requestConfluence: The host in memory has no answer to GET /wiki/api/v2/pages of confluence: the test must prepare it by Host.Product("confluence", …).
}

func ExampleHost_OnGraph() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.OnGraph("tasks", func(context.Context, json.RawMessage) (any, error) {
		return map[string]any{"data": map[string]int{"count": 3}}, nil
	})
	result, err := product.QueryTeamworkGraph[struct{ Count int }](host.Context(nil), "query tasks { count }", nil)
	fmt.Println(result.Data.Count, err)
	// Output: 3 <nil>
}

func ExampleHost_SetFeatureFlags() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.SetFeatureFlags(map[string]bool{"new-board": true})
	flags, err := featureflags.New(host.Context(nil), featureflags.User{}, view.Development)
	fmt.Println(flags.CheckFlag("new-board", false), flags.CheckFlag("other", false), err)
	// Output: true false <nil>
}

func ExampleHost_SetTranslations() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.SetTranslations(bridgetest.Translations{Default: "en-US", Files: map[string]any{
		"en-US": map[string]string{"title": "Tasks", "add": "Add"},
		"de-DE": map[string]string{"title": "Aufgaben"},
	}})
	host.SetLocale("de-DE")
	t, err := i18n.NewTranslator(host.Context(nil), "")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(t.Translate("title"), t.Translate("add"))
	// Output: Aufgaben Add
}

// An upload to the object store, and a download from it.
func ExampleHost_ObjectStore() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.ObjectStore(bridgetest.ObjectFunctions{Upload: "uploadURLs", Download: "downloadURLs"})
	ctx := host.Context(nil)
	uploaded, err := objectstore.Upload(ctx, "uploadURLs", objectstore.Object{Data: []byte("a picture"), Type: "image/png"})
	if err != nil {
		fmt.Println(err)
		return
	}
	downloaded, err := objectstore.Download(ctx, "downloadURLs", uploaded[0].Key)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s %s\n", downloaded[0].Object.Data, downloaded[0].Object.Type)
	// Output: a picture image/png
}

func ExampleHost_SetPermissions() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.SetPermissions(permissions.Requirements{Scopes: []string{"read:jira-work"}})
	granted, err := permissions.Get(host.Context(nil))
	fmt.Println(granted.HasScope("read:jira-work"), granted.HasScope("write:jira-work"), err)
	// Output: true false <nil>
}

// The user is not an administrator, so the command is refused.
func ExampleHost_SetAdmin() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.SetPermissions(map[string]any{"external": map[string]any{"configurable": map[string]bool{"enabled": true}}})
	host.SetAdmin(false)
	_, err := permissions.SetEgress(host.Context(nil), permissions.EgressGroup{Key: "cats", Description: "Cats"})
	fmt.Println(err)
	// Output: bridge: permissions.egress.set: only an administrator may change egress and remotes
}

// A remote whose address the administrator chooses.
func ExampleWithConfigurable() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.SetPermissions(map[string]any{"external": map[string]any{"configurable": map[string]bool{"enabled": true}}})
	host.Remote("own", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "%q", r.Host) }), bridgetest.WithConfigurable("https://*.example.com"))
	host.OnQuestion(func(question, detail string) bool { return true })
	ctx := host.Context(nil)
	endpoint := "https://cats.example.com"
	err := permissions.SetRemotes(ctx, permissions.Remote{Key: "own", Endpoint: endpoint})
	fmt.Println(err)
	fmt.Println(bridge.Get[string](ctx, "own", "/"))
	// Output:
	// <nil>
	// cats.example.com <nil>
}

func ExampleHost_SetConsent() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.SetConsent(&consent.Preferences{Analytics: true})
	allowed, err := consent.Get(host.Context(nil))
	fmt.Printf("%+v %v\n", allowed, err)
	// Output: {StrictlyNecessary:true Functional:false Analytics:true Marketing:false} <nil>
}

func ExampleHost_SetRovo() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.SetRovo(false)
	fmt.Println(rovo.IsEnabled(host.Context(nil)))
	// Output: false <nil>
}

func ExampleHost_Metrics() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	ctx := host.Context(nil)
	clicks, err := metrics.NewCounter(ctx, "clicks")
	if err == nil {
		err = clicks.Incr(ctx)
	}
	fmt.Println(host.Metrics(), err)
	// Output: map[clicks:1] <nil>
}
