// Package browser runs tests in the Chromium that is installed on the machine: real pages, real clicks and real keys.
//
//	b := browser.New(t)
//	page := b.Open(t, server.URL)
//	page.Find("button", "Add task").Click()
//	page.Wait("the task to be listed", `document.querySelectorAll("li").length === 1`)
//
// [Start] needs no test. All waits are bounded, and an element is found as a screen reader finds it: by its role and
// its accessible name. When a test fails, the page's console is in the test's log and a screenshot lies in the folder
// that the log names (with -artifacts: in the test's artifacts).
//
// Chromium is chromium, chromium-browser or google-chrome in PATH; the variable CHROMIUM names another. Where there is
// none, a test fails and says what to install.
//
// Run its own tests, from the folder test/:
//
//	go test ./browser
package browser
