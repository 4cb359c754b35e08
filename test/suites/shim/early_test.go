package shim

import (
	"context"
	"strings"
	"testing"
)

// numbered is a bridge that answers with the number of the call, and records the payloads.
const numbered = `
	globalThis.asked = [];
	globalThis.__bridge = {
		callBridge: async (command, payload) => {
			asked.push(payload?.fetchRequestInit ? (payload.fetchRequestInit.method ?? "GET") + " " + payload.remoteKey + payload.fetchRequestInit.path : command);
			if (command !== "fetchRemote") throw new Error("call " + asked.length);
			return { status: 200, headers: {}, body: "call " + asked.length + "," };
		},
	};`

func TestEarlyAnswerIsUsedOnce(t *testing.T) {
	page := newSite(t).loading(numbered+`
		forgego.load({ program: "app.wasm", args: ["early"], early: ["get:remote/a", "token:remote"] });
		globalThis.before = asked.join();
	`).open(t, "/")
	page.Wait("the answers", `globalThis.answers`)
	if got := page.String(`before`); got != "GET remote/a,signInvocationTokenForUI" {
		t.Errorf("before the program loads, the bridge was asked for %s", got)
	}
	// The first identical call gets the early answer. The second identical call and all different calls get their own
	// answers.
	got, text, _ := strings.Cut(page.String(`answers`), "bridge:")
	if got != "call 3, call 4, call 5, call 1, call 6, " {
		t.Errorf("the program got %s (and of the token: %s)", got, text)
	}
	if !strings.Contains(page.String(`answers`), "call 2") {
		t.Errorf("the program's own error is %s, not that of the early call", page.String(`answers`))
	}
	page.Quiet()
}

// TestOldEarlyAnswerIsNotUsed checks that an old early answer is not used: the program may have loaded slowly, or the
// laptop may have slept in between. Setting the clock back changes nothing.
func TestOldEarlyAnswerIsNotUsed(t *testing.T) {
	for name, test := range map[string]struct{ set, want string }{
		"a laptop that slept": {"3600e3", "call 3, call 4, call 5, call 6, call 7, "},
		"a clock set back":    {"-3600e3", "call 3, call 4, call 5, call 1, call 6, "},
	} {
		t.Run(name, func(t *testing.T) {
			page := newSite(t).loading(numbered+`
				forgego.load({ program: "app.wasm", args: ["early"], early: ["get:remote/a", "token:remote"] });
				const now = Date.now;
				Date.now = () => now() + `+test.set+`;
			`).open(t, "/")
			page.Wait("the answers", `globalThis.answers`)
			if got, _, _ := strings.Cut(page.String(`answers`), "bridge:"); got != test.want {
				t.Errorf("the program got %s, want %s", got, test.want)
			}
		})
	}
}

func TestEarlyCallsFromTheAttribute(t *testing.T) {
	site := newSite(t)
	site["/index.html"] = html(`<script src="record.js"></script><script>` + numbered + `</script>
		<script src="forgego.js" data-program="app.wasm" data-early="
			get:tasks-api/tasks?team=Forge
			getContext" defer></script>`)
	page := site.open(t, "/")
	page.Wait("the program", `globalThis.app`)
	if got := page.String(`asked.join()`); got != "GET tasks-api/tasks?team=Forge,getContext" {
		t.Errorf("the bridge was asked for %s", got)
	}
	page.Until("the warnings", func(context.Context) (bool, error) {
		return strings.Count(page.ConsoleText("warning"), "Remove it from data-early") == 2, nil
	})
}

func TestEarlyCallsWithoutBridge(t *testing.T) {
	page := newSite(t).loading(`forgego.load({ program: "app.wasm", early: ["getContext"] });`).open(t, "/")
	page.Wait("the program", `globalThis.app`)
	page.Quiet()
}

func TestUnknownEarlyCallIsRefused(t *testing.T) {
	for _, name := range []string{"invoke", "get:remote", "get:/tasks", "post:remote/tasks", "token:a/b", "token:"} {
		t.Run(name, func(t *testing.T) {
			page := newSite(t).loading(numbered+`forgego.load({ program: "app.wasm", early: ["`+name+`"] }).catch(() => {});`).open(t, "/")
			page.Wait("the failure", `document.querySelector("[role=alert]")`)
			if got := page.String(`document.querySelector("[role=alert]").textContent`); !strings.Contains(got, `"`+name+`" in data-early is not getContext`) {
				t.Errorf("the page says %s", got)
			}
			if got := page.String(`String(asked.length)`); got != "0" {
				t.Errorf("%s calls were made", got)
			}
		})
	}
}
