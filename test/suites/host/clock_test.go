package host

import (
	"testing"

	"github.com/forgego/forgego/test/harness/apphost"
)

// TestTokensWhenTheClockIsSet checks tokens after the clock changes, for example when a laptop wakes up with a wrong clock
// or corrects it. The host must not send a token that remotes refuse for an hour.
func TestTokensWhenTheClockIsSet(t *testing.T) {
	host := serveApp(t, "events", "static", "other")
	page := chromium.Open(t, host.URL())
	page.Eval(apphost.ProductScript(t, "fit.js", "fit"), nil)
	got := page.String(`(async () => {
		const tokens = new fit.InvocationTokens({ moduleKey: "panel", view: "" });
		const clock = Date.now;
		const told = [];
		let last;
		const next = async (name) => {
			const { jwt } = await tokens.get("own-api");
			told.push(name + (jwt === last ? ": kept" : ": new"));
			last = jwt;
		};
		await next("first");
		await next("again");
		Date.now = () => clock() - 3600e3;
		await next("an hour back");
		await next("again");
		Date.now = clock;
		await next("right again");
		await next("again");
		return told.join(", ");
	})()`)
	if want := "first: new, again: kept, an hour back: new, again: kept, right again: new, again: kept"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// TestLimitWhenTheClockIsSet checks that calls of a minute ago do not count for an hour.
func TestLimitWhenTheClockIsSet(t *testing.T) {
	host, _ := serveData(t, false)
	page, app := openData(t, host)
	const remaining = `bridge.invoke("getText", undefined, { rateLimitProperties: true }).then(({ metadata }) => metadata.rateLimitProperties.rateLimitRemaining)`
	for _, want := range []string{"1199", "1198"} {
		if got := evaluate(t, app, remaining); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	page.Eval(`void (() => {
		const [clock, steady] = [Date.now, performance.now.bind(performance)];
		Date.now = () => clock() - 3600e3;
		performance.now = () => steady() + 61e3;
	})()`, nil)
	if got := evaluate(t, app, remaining); got != "1199" {
		t.Errorf("a minute later, by a clock that was set back: got %s", got)
	}
}
