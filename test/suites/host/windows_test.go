package host

import (
	"fmt"
	"strings"
	"testing"
)

// TestFaultsInTwoWindows checks that each window shows the host's faults, and that the numbers count down.
func TestFaultsInTwoWindows(t *testing.T) {
	u := openUI(t)
	second := u.page.OpenWindow(u.host.URL())
	second.Wait("the bridge", `document.getElementById("traffic-state").textContent === "Connected"`)
	fail := func(want string) string {
		return fmt.Sprintf(`document.getElementById("faults-fail").value === %q`, want)
	}
	u.page.Eval(`document.getElementById("faults").open = true, 0`, nil)
	u.page.Find("spinbutton", "Number of token requests to fail").Type("2")
	u.page.Find("button", "Set").Click()
	u.page.Wait("the message", `document.getElementById("faults-state").textContent.startsWith("Set. ")`)
	second.Wait("the fault in the other window", fail("2")+` && !document.getElementById("faults-on").hidden`)
	if got := ask(u.app, `bridge.requestRemote("api", {path: "/"})`); !strings.Contains(got, "error") {
		t.Errorf("a token request succeeded: %s", got)
	}
	u.page.Wait("one left", fail("1"))
	second.Wait("one left in the other window", fail("1"))
	if err := u.host.Faults().FailNext(0); err != nil {
		t.Fatal(err)
	}
	u.page.Wait("none left", fail("0")+` && document.getElementById("faults-on").hidden`)
	second.Wait("none left in the other window", fail("0"))
}

// TestLanguageInTwoWindows checks that a new language reaches the other window too, and that both keep what was typed.
func TestLanguageInTwoWindows(t *testing.T) {
	u := openUI(t)
	second := u.page.OpenWindow(u.host.URL())
	app := second.Iframe(u.host.AppURL() + "main/")
	app.Wait("the app", "globalThis.bridge")
	u.page.Eval(`(() => { const s = document.getElementById("locale"); s.value = "de-DE"; s.dispatchEvent(new Event("change")); })()`, nil)
	second.Wait("the other window's switch", `document.getElementById("locale").value === "de-DE"`)
	u.page.Wait("the window's own", `document.getElementById("locale").value === "de-DE"`)
}

// TestPermissionsInTwoWindows checks that a grant reaches the other window, and what the panel refuses.
func TestPermissionsInTwoWindows(t *testing.T) {
	u := openUI(t)
	second := u.page.OpenWindow(u.host.URL())
	second.Wait("the bridge", `document.getElementById("traffic-state").textContent === "Connected"`)
	second.Eval(`document.getElementById("permissions").open = true, 0`, nil)
	u.page.Eval(`document.getElementById("permissions").open = true, 0`, nil)
	grant := func(address string) {
		u.page.Find("textbox", "Address").Type(address)
		u.page.Find("button", "Grant").Click()
	}
	for _, address := range []string{"javascript:alert(1)", "http://x"} {
		grant(address)
		u.page.Wait("the refusal of "+address, fmt.Sprintf(`document.getElementById("permissions-state").textContent.includes(%q) && document.getElementById("permissions-state").textContent.includes("not allowed in a manifest")`, address))
	}
	grant("https://example.com")
	second.Wait("the address in the other window", `document.getElementById("permissions-external").innerText.includes("https://example.com")`)
}
