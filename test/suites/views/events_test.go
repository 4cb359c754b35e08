package views

import (
	"fmt"
	"strings"
	"testing"
)

// The developer sends the product's events with a payload.
func TestProductEvents(t *testing.T) {
	u := open(t, serve(t, fmt.Sprintf(panel, ""), "context:\n  extension:\n    issue: {id: \"77\"}\n"), "module=panel")
	app := u.app("show")
	var names []string
	u.page.Eval(`[...document.querySelectorAll("#event-name option")].map((o) => o.value)`, &names)
	if got := strings.Join(names, " "); got != "JIRA_ISSUE_CHANGED JIRA_DASHBOARD_GADGET_REFRESH AUTOMATION_ACTION_SUBMIT AUTOMATION_ACTION_VALIDATE_RULE_EVENT" {
		t.Errorf("the events are %s", got)
	}
	app.Eval(`globalThis.heard = {}, Promise.all(`+"`"+strings.Join(names, " ")+"`"+`.split(" ").map((e) => bridge.events.on(e, (payload) => { heard[e] = payload ?? "nothing"; }))).then(() => 0)`, nil)
	u.page.Eval(`document.getElementById("events").open = true, 0`, nil)
	for name, want := range map[string]string{
		"JIRA_ISSUE_CHANGED": `"issueId":"77"`, "JIRA_DASHBOARD_GADGET_REFRESH": `"origin":"gadget"`, "AUTOMATION_ACTION_SUBMIT": `"nothing"`, "AUTOMATION_ACTION_VALIDATE_RULE_EVENT": `"isValidating":true`,
	} {
		u.page.Eval(fmt.Sprintf(`document.getElementById("event-payload").value = "waits", document.getElementById("event-name").value = %q, document.getElementById("event-name").dispatchEvent(new Event("change")), 0`, name), nil)
		u.page.Wait("the example of "+name, `document.getElementById("event-payload").value !== "waits"`)
		u.page.Eval(`document.getElementById("events-form").requestSubmit()`, nil) // A second click would be a double click.
		app.Wait(name+" with "+want, fmt.Sprintf(`JSON.stringify(heard[%q] ?? null).includes(%q)`, name, want))
		u.page.Wait("one listener", `document.getElementById("event-state").textContent.startsWith("1 listener")`)
	}
	u.page.Find("textbox", "Payload as JSON").Fill(`{"isValidating": false}`)
	u.page.Eval(`document.getElementById("event-name").value = "AUTOMATION_ACTION_VALIDATE_RULE_EVENT", document.getElementById("events-form").requestSubmit()`, nil)
	app.Wait("the edited payload", `heard.AUTOMATION_ACTION_VALIDATE_RULE_EVENT.isValidating === false`)
	u.page.Find("textbox", "Payload as JSON").Fill(`{`)
	u.page.Eval(`document.getElementById("events-form").requestSubmit()`, nil)
	u.page.Wait("the fault", `document.getElementById("event-state").textContent.includes("not JSON")`)
	u.page.Quiet()
}
