package shim

import (
	"strconv"
	"testing"
)

func TestManyCallsGetTheirOwnAnswers(t *testing.T) {
	page := newSite(t).loading(`
		globalThis.__bridge = echo;
		forgego.load({ program: "app.wasm", args: ["many"] });
	`).open(t, "/")
	page.Wait("the answers", `globalThis.result`)
	if got := page.String(`result`); got != "1000 of 1000" {
		t.Errorf("%s calls got their own answers", got)
	}
	page.Quiet()
}

// TestCanceledCallsLeaveNothing checks that a call whose context ended leaves nothing behind, in the program or in the
// shim. The program must not read its late answer.
func TestCanceledCallsLeaveNothing(t *testing.T) {
	page := newSite(t).loading(`
		globalThis.late = { answers: 0, read: 0 };
		globalThis.sent = 0;
		let waiting = [];
		globalThis.__bridge = {
			callBridge: (command, { remoteKey }) =>
				new Promise((resolve) => {
					if (remoteKey === "slow") {
						sent++;
						waiting.push(resolve);
						return;
					}
					for (const answer of waiting) {
						late.answers++;
						answer({ status: 200, headers: {}, get body() { late.read++; return ""; } });
					}
					waiting = [];
					setTimeout(() => resolve({ status: 200, headers: {}, body: "" }));
				}),
		};
		forgego.load({ program: "app.wasm", args: ["cancel"] });
	`).open(t, "/")
	page.Wait("the calls", `globalThis.result`)
	var late struct{ Answers, Read int }
	page.Eval(`late`, &late)
	if late.Answers != 5100 || late.Read != 0 {
		t.Errorf("of %d late answers the shim has read %d; want none of 5100", late.Answers, late.Read)
	}
	if got := page.String(`goroutines`); got != "0" {
		t.Errorf("%s goroutines are left", got)
	}
	if got, err := strconv.ParseFloat(page.String(`objects`), 64); err != nil || got > 0.5 {
		t.Errorf("%v objects are left of each call (%v)", got, err)
	}
	page.Quiet()
}

func number(n int) string { return strconv.Itoa(n) }
